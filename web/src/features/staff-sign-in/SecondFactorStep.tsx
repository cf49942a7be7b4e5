import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useEnter } from '@/lib/session/enter';
import { PasskeySignIn } from '@/lib/session/factors/PasskeySignIn';
import { DemoHint, outboxLink } from '@/ui/brand/DemoHint';
import { CodeInput } from '@/ui/fields/CodeInput';
import type { Clinic, Step } from './clinic';

interface SecondFactorStepProps {
  clinic: Clinic;
  step: Step;
  onAgain: () => void;
}

/** The second factor: the app's code, a recovery code from paper, or a passkey. */
export function SecondFactorStep({ clinic, step, onAgain }: SecondFactorStepProps) {
  const t = useTranslations('staff-sign-in.second');
  const enter = useEnter();
  const [recovery, setRecovery] = useState(!step.methods.includes('totp'));
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async ({ code }) => {
      const init = {
        params: { path: { slug: clinic.slug } },
        body: { challenge: step.challenge, code },
      };
      if (recovery) await api.POST('/api/clinics/{slug}/staff/recovery', init);
      else await api.POST('/api/clinics/{slug}/staff/totp', init);
      await enter();
    },
  });
  const byCode = step.methods.some((method) => method !== 'passkey');
  return (
    <Stack gap="lg">
      {byCode && (
        <form {...form.props}>
          <Stack>
            {recovery ? (
              <TextInput
                key="recovery"
                label={t('recoveryCode')}
                description={t('recoveryHint')}
                autoComplete="off"
                maxLength={40}
                data-autofocus
                {...form.field('code')}
              />
            ) : (
              <CodeInput key="app" label={t('appCode')} data-autofocus {...form.field('code')} />
            )}
            <FormProblem of={form.problem} />
            {form.problem?.code === 'challenge_over' && (
              <Button variant="default" onClick={onAgain}>
                {t('again')}
              </Button>
            )}
            <Button type="submit" loading={form.sending} fullWidth>
              {t('signIn')}
            </Button>
          </Stack>
        </form>
      )}
      {step.methods.includes('totp') && step.methods.includes('recovery') && (
        <Anchor
          component="button"
          type="button"
          onClick={() => {
            form.reset();
            setRecovery(!recovery);
          }}
        >
          {recovery ? t('useApp') : t('useRecovery')}
        </Anchor>
      )}
      {clinic.passkeys && step.methods.includes('passkey') && <PasskeySignIn slug={clinic.slug} />}
      {clinic.demo && !recovery && <DemoHint>{t.rich('demo', { link: outboxLink })}</DemoHint>}
    </Stack>
  );
}
