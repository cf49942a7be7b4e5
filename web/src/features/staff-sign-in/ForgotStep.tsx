import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';

interface ForgotStepProps {
  slug: string;
  onBack: () => void;
}

/** A link to set a new password. The answer is the same whether or not anybody is known by the address. */
export function ForgotStep({ slug, onBack }: ForgotStepProps) {
  const t = useTranslations('staff-sign-in.forgot');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    initialValues: { email: '' },
    checks: ({ email }) => ({ email: !email.trim() && 'required' }),
    submit: async (body) => {
      await api.POST('/api/clinics/{slug}/staff/forgot', { params: { path: { slug } }, body });
      setSentTo(body.email);
    },
  });
  return (
    <Stack gap="lg">
      <div role="status">{sentTo && <Text>{t('sent', { email: sentTo })}</Text>}</div>
      {!sentTo && (
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
            <FormProblem of={form.problem} />
            <Button type="submit" loading={form.sending} fullWidth>
              {t('send')}
            </Button>
          </Stack>
        </form>
      )}
      <Anchor component="button" type="button" onClick={onBack}>
        {t('back')}
      </Anchor>
    </Stack>
  );
}
