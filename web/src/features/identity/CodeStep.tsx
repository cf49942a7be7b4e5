import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useNow } from '@/lib/time/useNow';
import { DemoHint, outboxLink } from '@/ui/brand/DemoHint';
import { CodeInput } from '@/ui/fields/CodeInput';
import type { Clinic } from './clinic';
import type { Accepted, Asked, Typed } from './signIn';

interface CodeStepProps {
  clinic: Clinic;
  typed: Typed;
  asked: Asked;
  onAsked: (asked: Asked) => void;
  onAccepted: (accepted: Accepted) => Promise<void>;
  onOther: () => void;
}

const DIGITS = 6;

/** The six digits. The last one sends them; a message can be filled in by the phone itself. */
export function CodeStep({ clinic, typed, asked, onAsked, onAccepted, onOther }: CodeStepProps) {
  const t = useTranslations('identity.signIn');
  const [somebodyElse, setSomebodyElse] = useState(false);
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async ({ code }) => {
      const path = { slug: clinic.slug, code_id: asked.code_id };
      const checked = api.POST('/api/clinics/{slug}/codes/{code_id}/check', {
        params: { path },
        body: { code, somebody_else: somebodyElse },
      });
      await onAccepted(await take(checked));
    },
  });
  const field = form.field('code');
  return (
    <Stack gap="lg">
      <form {...form.props}>
        <Stack>
          <CodeInput
            label={t('code')}
            autoFocus
            {...field}
            onChange={(event) => {
              field.onChange(event);
              const digits = event.currentTarget.value.replaceAll(/\D/g, '');
              const { form: element } = event.currentTarget;
              // Once the new value is in place.
              if (digits.length === DIGITS) setTimeout(() => element?.requestSubmit());
            }}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} fullWidth>
            {t('signIn')}
          </Button>
        </Stack>
      </form>
      <Resend clinic={clinic} typed={typed} asked={asked} onAsked={onAsked} />
      <Anchor component="button" type="button" onClick={onOther}>
        {typed.by === 'phone' ? t('otherPhone') : t('otherEmail')}
      </Anchor>
      {somebodyElse ? (
        <Text role="status">{t('somebodyElseOn')}</Text>
      ) : (
        <Anchor component="button" type="button" onClick={() => setSomebodyElse(true)}>
          {t('somebodyElse')}
        </Anchor>
      )}
      {clinic.demo && <DemoHint>{t.rich('demo', { link: outboxLink })}</DemoHint>}
    </Stack>
  );
}

type ResendProps = Pick<CodeStepProps, 'clinic' | 'typed' | 'asked' | 'onAsked'>;

/** Another code, after a while: most messages only take their time. */
function Resend({ clinic, typed, asked, onAsked }: ResendProps) {
  const t = useTranslations('identity.signIn');
  const locale = useCurrentLocale();
  const now = useNow(1_000);
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const wait = Math.ceil((Date.parse(asked.resend_at) - now.getTime()) / 1_000);
  const resend = async () => {
    setSending(true);
    setProblem(null);
    try {
      const body = { contact: typed.contact, locale };
      const params = { path: { slug: clinic.slug } };
      onAsked(await take(api.POST('/api/clinics/{slug}/codes', { params, body })));
      setSent(true);
    } catch (error) {
      setProblem(error as ApiProblem);
    } finally {
      setSending(false);
    }
  };
  return (
    <Stack gap="xs">
      {wait > 0 ? (
        <Text c="dimmed">{t('resendIn', { seconds: wait })}</Text>
      ) : (
        <Button variant="default" onClick={resend} loading={sending}>
          {t('resend')}
        </Button>
      )}
      <div role="status">{sent && <Text>{t('resent')}</Text>}</div>
      <FormProblem of={problem} />
    </Stack>
  );
}
