import { Alert, Anchor, Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { dialLink, readablePhone } from '@/lib/phone';
import { useEnter } from '@/lib/session/enter';
import { PasskeySignIn } from '@/lib/session/factors/PasskeySignIn';
import { DemoHint, outboxLink } from '@/ui/brand/DemoHint';
import { Page } from '@/ui/page/Page';
import type { Clinic } from '../clinic';
import type { Accepted } from '../signIn';
import { BirthDate } from './BirthDate';
import { birthDateCheck } from './birthDate';
import { OtherContact } from './OtherContact';

interface IdentifyStepProps {
  clinic: Clinic;
  accepted: Accepted;
  /** The time is over: begin again. */
  onOver: () => void;
  /** Whoever reads this phone has never been here. */
  onNew: () => void;
}

/** On a device that is not known: who reads this phone is not yet who it belongs to. */
export function IdentifyStep({ clinic, accepted, onOver, onNew }: IdentifyStepProps) {
  const t = useTranslations('identity/who.identify');
  const enter = useEnter();
  const [other, setOther] = useState(false);
  const registration = accepted.registration ?? '';
  const form = useForm({
    initialValues: { birth_date: '', answer: '', remember: true },
    checks: ({ birth_date, answer }) => ({
      birth_date: birthDateCheck(birth_date),
      answer: !answer.trim() && 'required',
    }),
    submit: async (values) => {
      const params = { path: { slug: clinic.slug } };
      await api.POST('/api/clinics/{slug}/identify', { params, body: { ...values, registration } });
      await enter();
    },
  });
  if (form.problem?.code === 'identity_locked') {
    return <Locked clinic={clinic} onNew={onNew} />;
  }
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Stack gap="lg">
        <form {...form.props}>
          <Stack>
            <BirthDate
              error={form.field('birth_date').error}
              onDay={(day) => form.set('birth_date', day)}
            />
            <TextInput
              label={t('answer')}
              description={t('answerHint')}
              autoComplete="off"
              maxLength={100}
              {...form.field('answer')}
            />
            <Checkbox
              label={t('remember')}
              description={t('rememberHint')}
              {...form.field('remember', { type: 'checkbox' })}
            />
            <FormProblem of={form.problem} />
            {form.problem?.code === 'registration_over' && (
              <Button variant="default" onClick={onOver}>
                {t('again')}
              </Button>
            )}
            <Button type="submit" loading={form.sending} fullWidth>
              {t('submit')}
            </Button>
          </Stack>
        </form>
        {other ? (
          <OtherContact
            clinic={clinic}
            registration={registration}
            remember={form.values.remember}
          />
        ) : (
          <Anchor component="button" type="button" onClick={() => setOther(true)}>
            {t('other')}
          </Anchor>
        )}
        <Anchor component="button" type="button" onClick={onNew}>
          {t('new')}
        </Anchor>
        <CallUs clinic={clinic} />
        {clinic.passkeys && <PasskeySignIn slug={clinic.slug} />}
        {clinic.demo && <DemoHint>{t.rich('demo', { link: outboxLink })}</DemoHint>}
      </Stack>
    </Page>
  );
}

/** After a few wrong answers the clinic helps: on the phone, by people. */
function Locked({ clinic, onNew }: { clinic: Clinic; onNew: () => void }) {
  const t = useTranslations('identity/who.identify');
  return (
    <Page title={t('lockedTitle')}>
      <Stack gap="lg">
        <Alert role="alert" color="red">
          {t('locked')}
        </Alert>
        <Phone clinic={clinic} />
        <Anchor component="button" type="button" onClick={onNew}>
          {t('new')}
        </Anchor>
      </Stack>
    </Page>
  );
}

function CallUs({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity/who.identify');
  return (
    <Stack gap="xs">
      <Text c="dimmed">{t('callUs')}</Text>
      <Phone clinic={clinic} />
    </Stack>
  );
}

function Phone({ clinic }: { clinic: Clinic }) {
  if (!clinic.phone) return null;
  return (
    <Button
      component="a"
      href={dialLink(clinic.phone)}
      variant="default"
      leftSection={<IconPhone size={20} aria-hidden />}
    >
      {readablePhone(clinic.phone)}
    </Button>
  );
}
