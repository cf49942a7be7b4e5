import { Button, Divider, Modal, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { CodeInput } from '@/ui/CodeInput';
import { canUsePasskeys, PasskeyDismissed, showPasskey } from './passkeys';

/** Mantine's other dialogs leave an Escape alone that was pressed in an element with this. */
const OWN_ESCAPE = { 'data-mantine-stop-propagation': 'true' };

interface StepUpDialogProps {
  onProven: () => void;
  onClose: () => void;
}

/** Asks for the second factor in place. Escape closes this alone, and not what it stands in front of. */
export default function StepUpDialog({ onProven, onClose }: StepUpDialogProps) {
  const t = useTranslations('stepUp');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async (body) => {
      await api.POST('/api/session/step-up', { body });
      onProven();
    },
  });
  const byPasskey = async () => {
    setProblem(null);
    try {
      const begun = await take(api.POST('/api/session/step-up/passkey/options'));
      await api.POST('/api/session/step-up/passkey', { body: await showPasskey(begun) });
      onProven();
    } catch (error) {
      if (!(error instanceof PasskeyDismissed)) setProblem(asWhole(error as ApiProblem));
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
      attributes={{ content: OWN_ESCAPE }}
      zIndex={400}
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close'), ...OWN_ESCAPE }}
    >
      <form {...form.props}>
        <Stack>
          <Text c="dimmed">{t('why')}</Text>
          <CodeInput label={t('code')} data-autofocus {...OWN_ESCAPE} {...form.field('code')} />
          <FormProblem of={form.problem ?? problem} />
          <Button type="submit" loading={form.sending} {...OWN_ESCAPE}>
            {t('confirm')}
          </Button>
          {canUsePasskeys() && (
            <>
              <Divider label={t('or')} />
              <Button
                variant="default"
                {...OWN_ESCAPE}
                onClick={() => void byPasskey()}
                leftSection={<IconFingerprint size={20} aria-hidden />}
              >
                {t('passkey')}
              </Button>
            </>
          )}
        </Stack>
      </form>
    </Modal>
  );
}
