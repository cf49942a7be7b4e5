import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useEnter } from '@/lib/session/enter';
import { CodeInput } from '@/ui/fields/CodeInput';
import type { Clinic } from '../clinic';

type Asked = components['schemas']['OtherAsked'];

interface OtherContactProps {
  clinic: Clinic;
  registration: string;
  remember: boolean;
}

/** For whoever does not remember: a code to the other phone or mailbox. Nobody is told whether there is one. */
export function OtherContact({ clinic, registration, remember }: OtherContactProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  return asked ? (
    <TypeIt {...{ clinic, registration, remember }} asked={asked} />
  ) : (
    <AskForIt {...{ clinic, registration }} onAsked={setAsked} />
  );
}

interface AskProps extends Omit<OtherContactProps, 'remember'> {
  onAsked: (asked: Asked) => void;
}

function AskForIt({ clinic, registration, onAsked }: AskProps) {
  const t = useTranslations('identity/who.identify');
  const locale = useCurrentLocale();
  const form = useForm({
    initialValues: {},
    submit: async () => {
      const params = { path: { slug: clinic.slug } };
      const body = { registration, locale };
      onAsked(await take(api.POST('/api/clinics/{slug}/identify/other', { params, body })));
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text>{t('otherLead')}</Text>
        <FormProblem of={form.problem} />
        <Button type="submit" variant="default" loading={form.sending}>
          {t('otherSend')}
        </Button>
      </Stack>
    </form>
  );
}

function TypeIt({ clinic, registration, remember, asked }: OtherContactProps & { asked: Asked }) {
  const t = useTranslations('identity/who.identify');
  const enter = useEnter();
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async ({ code }) => {
      const path = { slug: clinic.slug, code_id: asked.code_id };
      await api.POST('/api/clinics/{slug}/identify/other/{code_id}/check', {
        params: { path },
        body: { registration, code, remember },
      });
      await enter();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text role="status">{t('otherSent')}</Text>
        <CodeInput label={t('otherCode')} autoFocus {...form.field('code')} />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
