import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '@/lib/errors/FormProblem';
import type { Form } from '@/lib/errors/useForm';

interface FormDialogProps {
  title: string;
  /** What comes of it. */
  lead: string;
  form: Pick<Form<unknown>, 'props' | 'problem' | 'sending'>;
  submit: string;
  /** The other way out, where it is not to cancel. */
  later?: string;
  /** What is done ends something. */
  ends?: boolean;
  size?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog: what comes of it, its fields, what stands against it, and the two ways out. */
export function FormDialog(props: FormDialogProps) {
  const { title, lead, form, submit, later, ends = false, size = 'md', onClose, children } = props;
  const t = useTranslations('actions');
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <Text>{lead}</Text>
          {children}
          <FormProblem of={form.problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {later ?? t('cancel')}
            </Button>
            <Button type="submit" loading={form.sending} {...(ends ? { color: 'red' } : {})}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
