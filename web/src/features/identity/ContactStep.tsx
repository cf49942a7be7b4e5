import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { PasskeySignIn } from '@/lib/session/factors/PasskeySignIn';
import type { Clinic } from './clinic';
import type { Asked, Typed } from './signIn';

interface ContactStepProps {
  clinic: Clinic;
  typed: Typed;
  onTyped: (typed: Typed) => void;
  onAsked: (asked: Asked) => void;
}

/** Where to send the code: a mobile number first, an e-mail address for whoever prefers it. */
export function ContactStep({ clinic, typed, onTyped, onAsked }: ContactStepProps) {
  const t = useTranslations('identity.signIn');
  const locale = useCurrentLocale();
  const form = useForm({
    initialValues: { contact: typed.contact },
    checks: ({ contact }) => ({ contact: !contact.trim() && 'required' }),
    submit: async ({ contact }) => {
      onTyped({ ...typed, contact });
      const asked = api.POST('/api/clinics/{slug}/codes', {
        params: { path: { slug: clinic.slug } },
        body: { contact, locale },
      });
      onAsked(await take(asked));
    },
  });
  const byPhone = typed.by === 'phone';
  return (
    <Stack gap="lg">
      <form {...form.props}>
        <Stack>
          {byPhone ? (
            <TextInput
              key="phone"
              label={t('phone')}
              description={t('phoneHint')}
              type="tel"
              autoComplete="tel"
              maxLength={40}
              {...form.field('contact')}
            />
          ) : (
            <TextInput
              key="email"
              label={t('email')}
              type="email"
              autoComplete="email"
              maxLength={200}
              {...form.field('contact')}
            />
          )}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} fullWidth>
            {t('send')}
          </Button>
          <Anchor
            component="button"
            type="button"
            onClick={() => {
              onTyped({ by: byPhone ? 'email' : 'phone', contact: '' });
              form.set('contact', '');
            }}
          >
            {byPhone ? t('useEmail') : t('usePhone')}
          </Anchor>
        </Stack>
      </form>
      {clinic.passkeys && <PasskeySignIn slug={clinic.slug} />}
    </Stack>
  );
}
