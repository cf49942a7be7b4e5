import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { CodeInput } from '@/ui/fields/CodeInput';
import { OWN_ESCAPE } from './ownEscape';

type Asked = components['schemas']['CodeAsked'];
const CONTACTS = [
  ['sms', 'phone'],
  ['email', 'email'],
] as const;

/** A patient shows again that it is them: by a code to a phone or mailbox that is theirs already. */
export function PatientProof({ onProven }: { onProven: () => void }) {
  const t = useTranslations('profile/step-up');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState<'sms' | 'email' | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const profile = useQuery({ queryKey: ['profile'], queryFn: () => take(api.GET('/api/me')) });
  const send = async (channel: 'sms' | 'email') => {
    setBusy(channel);
    setProblem(null);
    try {
      setAsked(await take(api.POST('/api/session/step-up/code', { body: { channel } })));
    } catch (error) {
      setProblem(asWhole(error as ApiProblem));
    } finally {
      setBusy(null);
    }
  };
  if (asked) return <TypeIt asked={asked} onProven={onProven} />;
  return (
    <Stack>
      <Text>{t('patientLead')}</Text>
      {CONTACTS.map(
        ([channel, kind]) =>
          profile.data?.[kind] && (
            <Button
              key={kind}
              {...OWN_ESCAPE}
              loading={busy === channel}
              onClick={() => void send(channel)}
            >
              {t(`sendTo.${channel}`, { to: profile.data[kind] })}
            </Button>
          ),
      )}
      <FormProblem of={problem ?? (profile.error as ApiProblem | null)} />
      <Text c="dimmed">{t('neither')}</Text>
    </Stack>
  );
}

function TypeIt({ asked, onProven }: { asked: Asked; onProven: () => void }) {
  const t = useTranslations('profile/step-up');
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async (body) => {
      const params = { path: { code_id: asked.code_id } };
      await api.POST('/api/session/step-up/code/{code_id}/check', { params, body });
      onProven();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text role="status">{t('sentTo', { to: asked.masked })}</Text>
        <CodeInput label={t('patientCode')} autoFocus {...OWN_ESCAPE} {...form.field('code')} />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending} {...OWN_ESCAPE}>
          {t('confirm')}
        </Button>
      </Stack>
    </form>
  );
}
