import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';

interface IdleDialogProps {
  secondsLeft: number;
  /** The session has reached its longest life: staying is not offered. */
  final: boolean;
  onStay: () => void;
  /** Through the sign-in page and back to this page. */
  onSignInAgain: () => void;
  onSignOut: () => void;
}

/** Asks whether somebody is still there. Loaded only when it is needed. */
export default function IdleDialog({ secondsLeft, final, ...on }: IdleDialogProps) {
  const t = useTranslations('profile/idle');
  return (
    <Modal
      opened
      onClose={on.onStay}
      title={final ? t('finalTitle') : t('title')}
      withCloseButton={false}
      closeOnClickOutside={false}
      // There is no staying then: closed, it would open again a second later.
      closeOnEscape={!final}
    >
      <Stack>
        <Text>{final ? t('final') : t('body')}</Text>
        <Text fw={600} role="timer" aria-live="off">
          {t('left', { seconds: secondsLeft })}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={on.onSignOut}>
            {t('signOut')}
          </Button>
          <Button onClick={final ? on.onSignInAgain : on.onStay} data-autofocus>
            {final ? t('signInAgain') : t('stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
