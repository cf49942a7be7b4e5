import { Button, CopyButton, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { capital } from '@/lib/time/capital';
import { pathOf } from '../model';
import classes from './People.module.css';
import { type Guest, peopleQuery } from './people';

type Invited = components['schemas']['GuestInvitedOut'];

const KINDS: readonly Guest['kind'][] = [
  'interpreter',
  'family',
  'carer',
  'nurse',
  'clinician',
  'other',
];
const LANGUAGES = ['en', 'es'] as const;

/** Asks somebody into the visit: who, and where their link goes. */
export function InviteDialog({ visitId, onClose }: { visitId: string; onClose: () => void }) {
  const t = useTranslations('visits/people.invite');
  const [invited, setInvited] = useState<Invited | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(invited ? 'done' : 'title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {invited ? (
        <Made invited={invited} onAnother={() => setInvited(null)} onClose={onClose} />
      ) : (
        <Form visitId={visitId} onInvited={setInvited} />
      )}
    </Modal>
  );
}

function Form({ visitId, onInvited }: { visitId: string; onInvited: (made: Invited) => void }) {
  const t = useTranslations('visits/people.invite');
  const kinds = useTranslations('visits/people.kinds');
  const invite = useAction({
    run: (body: components['schemas']['Invite'], init) =>
      take(api.POST('/api/visits/{visit_id}/people', { ...pathOf(visitId), body, ...init })),
    invalidates: [peopleQuery(visitId).queryKey],
    onDone: onInvited,
  });
  const form = useForm({
    initialValues: { kind: 'interpreter' as Guest['kind'], name: '', language: 'en', contact: '' },
    submit: ({ kind, name, language, contact }) =>
      invite.mutateAsync({
        kind,
        name: name.trim() || null,
        language: language === 'es' ? 'es' : 'en',
        contact: contact.trim() || null,
      }),
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text>{t('lead')}</Text>
        <NativeSelect
          label={t('kind')}
          data={KINDS.map((value) => ({ value, label: capital(kinds(value)) }))}
          data-autofocus
          {...form.field('kind')}
        />
        <TextInput label={t('name')} maxLength={80} autoComplete="off" {...form.field('name')} />
        <NativeSelect
          label={t('language')}
          data={LANGUAGES.map((value) => ({ value, label: t(`languages.${value}`) }))}
          {...form.field('language')}
        />
        <TextInput
          label={t('contact')}
          description={t('contactHint')}
          maxLength={254}
          autoComplete="off"
          {...form.field('contact')}
        />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('send')}
        </Button>
      </Stack>
    </form>
  );
}

interface MadeProps {
  invited: Invited;
  onAnother: () => void;
  onClose: () => void;
}

function Made({ invited: { guest, link, sent }, onAnother, onClose }: MadeProps) {
  const t = useTranslations('visits/people.invite');
  return (
    <Stack>
      <Text>{sent ? t('sent', { contact: guest.contact ?? '' }) : t('copyHint')}</Text>
      <output className={classes.link}>{link}</output>
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            leftSection={
              copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
            }
            data-autofocus
          >
            {t(copied ? 'copied' : 'copy')}
          </Button>
        )}
      </CopyButton>
      <Button variant="default" onClick={onAnother}>
        {t('another')}
      </Button>
      <Button variant="subtle" onClick={onClose}>
        {t('close')}
      </Button>
    </Stack>
  );
}
