import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { PasskeySignIn } from '@/lib/session/factors/PasskeySignIn';
import { DemoHint, outboxLink } from '@/ui/brand/DemoHint';
import { PasswordField } from '@/ui/fields/PasswordField';
import type { Clinic, Step } from './clinic';

interface PasswordStepProps {
  clinic: Clinic;
  onStep: (step: Step) => void;
  onForgot: () => void;
}

/** The first factor. */
export function PasswordStep({ clinic, onStep, onForgot }: PasswordStepProps) {
  const t = useTranslations('staff-sign-in.password');
  const form = useForm({
    initialValues: { email: '', password: '' },
    checks: ({ email, password }) => ({
      email: !email.trim() && 'required',
      password: !password && 'required',
    }),
    submit: async (body) => {
      const params = { path: { slug: clinic.slug } };
      onStep(await take(api.POST('/api/clinics/{slug}/staff/password', { params, body })));
    },
  });
  return (
    <Stack gap="lg">
      <form {...form.props}>
        <Stack>
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="username"
            maxLength={200}
            data-autofocus
            {...form.field('email')}
          />
          <PasswordField
            label={t('password')}
            autoComplete="current-password"
            maxLength={200}
            {...form.field('password')}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} fullWidth>
            {t('next')}
          </Button>
          <Anchor component="button" type="button" onClick={onForgot}>
            {t('forgot')}
          </Anchor>
        </Stack>
      </form>
      {clinic.passkeys && <PasskeySignIn slug={clinic.slug} />}
      {clinic.demo && <DemoHint>{t.rich('demo', { link: outboxLink })}</DemoHint>}
    </Stack>
  );
}
