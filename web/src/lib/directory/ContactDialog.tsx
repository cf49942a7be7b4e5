import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { showToast } from '@/ui/toasts/toast';
import {
  type Contact,
  type ContactForm,
  type ContactKind,
  KINDS,
  shownContact,
  useEndContact,
  useKeepContact,
} from './contacts';

const EMPTY: Required<ContactForm> = {
  kind: 'mobile',
  value: '',
  may_leave_message: true,
  household: false,
  preferred: false,
  note: '',
};

interface ContactDialogProps {
  patientId: string;
  /** Null to add a new one. */
  contact: Contact | null;
  onClose: () => void;
}

/** One way to reach a patient. Of one by which they sign in, number and address stay as they are. */
export function ContactDialog({ patientId, contact, onClose }: ContactDialogProps) {
  const t = useTranslations('directory.contacts');
  const keep = useKeepContact(patientId);
  const form = useKeptForm(`contact.${patientId}.${contact?.id ?? contact?.dialed ?? 'new'}`, {
    initialValues: contact ? typedOf(contact) : EMPTY,
    checks: ({ value }) => ({ value: !value.trim() && 'required' }),
    submit: async (typed) => {
      await keep.mutateAsync({ contact, form: typed });
      showToast({ text: t('saved') });
      onClose();
    },
  });
  const email = form.values.kind === 'email';
  const fixed = contact?.signs_in ?? false;
  return (
    <Modal
      opened
      onClose={onClose}
      title={contact ? shownContact(contact) : t('add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <NativeSelect
            label={t('what')}
            data={kindsFor(contact).map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            {...form.field('kind')}
          />
          <TextInput
            label={t(email ? 'address' : 'number')}
            description={fixed ? t('fixed') : undefined}
            type={email ? 'email' : 'tel'}
            maxLength={254}
            readOnly={fixed}
            {...form.field('value')}
          />
          {!email && (
            <Checkbox
              label={t('mayLeave')}
              description={t('mayLeaveHint')}
              {...form.field('may_leave_message', { type: 'checkbox' })}
            />
          )}
          <Checkbox
            label={t('householdLabel')}
            {...form.field('household', { type: 'checkbox' })}
          />
          <Checkbox label={t('preferLabel')} {...form.field('preferred', { type: 'checkbox' })} />
          <TextInput label={t('note')} maxLength={200} {...form.field('note')} />
          <FormProblem of={form.problem} />
          <Group justify="space-between">
            <Button type="submit" loading={form.sending}>
              {t('save')}
            </Button>
            {contact?.id && !fixed && (
              <Remove patientId={patientId} contact={contact} onDone={onClose} />
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface RemoveProps {
  patientId: string;
  contact: Contact;
  onDone: () => void;
}

/** Removed at once, with a way back. */
function Remove({ patientId, contact, onDone }: RemoveProps) {
  const t = useTranslations('directory.contacts');
  const keep = useKeepContact(patientId);
  const end = useEndContact(patientId);
  const undo = () => keep.mutate({ contact: null, form: typedOf(contact) });
  return (
    <Button
      variant="default"
      c="red"
      loading={end.isPending}
      onClick={() =>
        contact.id &&
        end.mutate(contact.id, {
          onSuccess: () => {
            showToast({
              text: t('removed', { value: shownContact(contact) }),
              action: { label: t('undo'), run: undo },
            });
            onDone();
          },
        })
      }
    >
      {t('remove')}
    </Button>
  );
}

/** What a way is for; a telephone by which one signs in is no mailbox. */
function kindsFor(contact: Contact | null): readonly ContactKind[] {
  if (!contact?.signs_in) return KINDS;
  return contact.kind === 'email' ? ['email'] : KINDS.filter((kind) => kind !== 'email');
}

function typedOf(contact: Contact): Required<ContactForm> {
  const { may_leave_message, household, preferred, note } = contact;
  const value = shownContact(contact);
  return {
    kind: contact.kind as ContactKind,
    value,
    may_leave_message,
    household,
    preferred,
    note,
  };
}
