import { Button, Divider, Modal, Stack } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { CodeInput } from '@/ui/CodeInput';
import { canUsePasskeys, PasskeyDismissed, showPasskey } from './passkeys';

interface StepUp {
  /** Runs something; where the server asks for the second factor first, shows the dialog and runs it again. */
  withStepUp: <T>(run: () => Promise<T>) => Promise<T>;
  /** Draw this somewhere on the page. */
  dialog: ReactNode;
}

interface Waiting {
  settle: (proven: boolean) => void;
}

/** Closing the dialog gives up what was to be done, without a word. */
export class StepUpDismissed extends Error {}

/** For what staff do only with their second factor in hand. */
export function useStepUp(): StepUp {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const withStepUp = useCallback(async <T,>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'step_up_required') throw error;
    }
    const proven = await new Promise<boolean>((settle) => setWaiting({ settle }));
    setWaiting(null);
    if (!proven) throw new StepUpDismissed();
    return run();
  }, []);
  const dialog = waiting && (
    <StepUpDialog onProven={() => waiting.settle(true)} onClose={() => waiting.settle(false)} />
  );
  return { withStepUp, dialog };
}

interface StepUpDialogProps {
  onProven: () => void;
  onClose: () => void;
}

function StepUpDialog({ onProven, onClose }: StepUpDialogProps) {
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
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <CodeInput label={t('code')} data-autofocus {...form.field('code')} />
          <FormProblem of={form.problem ?? problem} />
          <Button type="submit" loading={form.sending}>
            {t('confirm')}
          </Button>
          {canUsePasskeys() && (
            <>
              <Divider label={t('or')} />
              <Button
                variant="default"
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
