import { Button, Code, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { QrCode } from '@/ui/brand/QrCode';
import { CodeInput } from '@/ui/fields/CodeInput';

interface AppSetUpProps {
  enrolment: components['schemas']['EnrolmentOut'];
  /** Sends the first code that the app shows. */
  onCode: (code: string) => Promise<unknown>;
  /** Shows a new secret: this one has been on screen for too long. */
  onOver: () => void;
}

/** Pairs an authenticator app: a picture to scan or letters to type, and the app's first code. */
export function AppSetUp({ enrolment, onCode, onOver }: AppSetUpProps) {
  const t = useTranslations('profile/authenticator');
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: ({ code }) =>
      onCode(code).catch((error: ApiProblem) => {
        if (error.code === 'enrolment_over') onOver();
        throw error;
      }),
  });
  return (
    <Stack>
      <Text>{t('scan')}</Text>
      <QrCode size={enrolment.qr_size} path={enrolment.qr_path} label={t('qr')} />
      <Text>
        {t('orType')} <Code>{enrolment.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</Code>
      </Text>
      <Text>{t.rich('onPhone', { link: (text) => <a href={enrolment.uri}>{text}</a> })}</Text>
      <form {...form.props}>
        <Stack>
          <CodeInput label={t('firstCode')} {...form.field('code')} />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {t('confirm')}
          </Button>
        </Stack>
      </form>
    </Stack>
  );
}
