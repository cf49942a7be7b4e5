import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';

interface ConfirmButtonProps extends ButtonProps {
  children: ReactNode;
  /** The question, as the dialog's title. */
  question: string;
  /** What will happen, and whether it can be undone. */
  consequence: ReactNode;
  /** The verb on the button that does it. */
  confirm: string;
  danger?: boolean;
  onConfirm: () => unknown;
}

/**
 * For what can't be undone: asks once, naming what will happen. What can be undone is done at once
 * and offers 'Undo' in a toast instead.
 */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { children, question, consequence, confirm, danger = false, onConfirm, ...button } = props;
  const t = useTranslations('actions');
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <>
      <Button {...button} onClick={() => setAsking(true)}>
        {children}
      </Button>
      <Modal opened={asking} onClose={close} title={question} withCloseButton={false}>
        <Stack>
          <Text>{consequence}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t('cancel')}
            </Button>
            <Button
              {...(danger ? { color: 'red' } : {})}
              onClick={() => {
                close();
                onConfirm();
              }}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
