import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { readablePhone } from '@/lib/phone';
import { CodeInput } from '@/ui/fields/CodeInput';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import { type Profile, profileQuery } from './profile';

type Kind = 'phone' | 'email';
type Asked = components['schemas']['CodeAsked'];

/** The phone and the mailbox that codes are sent to; a new one counts once its code was typed. */
export function ContactSection({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.contact');
  const [changing, setChanging] = useState<Kind | null>(null);
  const shown = { phone: profile.phone && readablePhone(profile.phone), email: profile.email };
  return (
    <Section title={t('title')}>
      <Rows label={t('title')}>
        {(['phone', 'email'] as const).map((kind) => (
          <Row
            key={kind}
            title={t(kind)}
            detail={shown[kind] ?? t('none')}
            aside={
              <Button
                variant="default"
                size="sm"
                aria-label={`${t(shown[kind] ? 'change' : 'add')}: ${t(kind)}`}
                onClick={() => setChanging(kind)}
              >
                {t(shown[kind] ? 'change' : 'add')}
              </Button>
            }
          />
        ))}
      </Rows>
      {changing && <ChangeContact kind={changing} onClose={() => setChanging(null)} />}
    </Section>
  );
}

function ChangeContact({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const t = useTranslations('profile.contact');
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`new.${kind}`)}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {asked ? (
        <Confirm asked={asked} onDone={onClose} />
      ) : (
        <AskNew kind={kind} onAsked={setAsked} />
      )}
    </Modal>
  );
}

function AskNew({ kind, onAsked }: { kind: Kind; onAsked: (asked: Asked) => void }) {
  const t = useTranslations('profile.contact');
  const form = useKeptForm(`profile.contact.${kind}`, {
    initialValues: { contact: '' },
    checks: ({ contact }) => ({ contact: !contact.trim() && 'required' }),
    submit: async (body) => onAsked(await take(api.POST('/api/me/contact', { body }))),
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label={t(kind)}
          type={kind === 'phone' ? 'tel' : 'email'}
          autoComplete={kind === 'phone' ? 'tel' : 'email'}
          maxLength={200}
          data-autofocus
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

function Confirm({ asked, onDone }: { asked: Asked; onDone: () => void }) {
  const t = useTranslations('profile.contact');
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async (body) => {
      const params = { path: { code_id: asked.code_id } };
      const profile = await take(api.POST('/api/me/contact/{code_id}/check', { params, body }));
      queries.setQueryData(profileQuery.queryKey, profile);
      showToast({ text: t('changed') });
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text>{t('sentTo', { to: asked.masked })}</Text>
        <CodeInput label={t('code')} data-autofocus {...form.field('code')} />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('confirm')}
        </Button>
      </Stack>
    </form>
  );
}
