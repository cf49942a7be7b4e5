import { Button, Divider, Modal, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { CodeInput } from '@/ui/fields/CodeInput';
import { canUsePasskeys, PasskeyDismissed, showPasskey } from '../factors/passkeys';
import { isPatient, useSession } from '../session';
import { OWN_ESCAPE } from './ownEscape';
import { PatientProof } from './PatientProof';
import { stepUpSubject } from './stepUpFor';

interface StepUpDialogProps {
  onProven: () => void;
  onClose: () => void;
}

/** Asks again who it is, in place. Escape closes this alone, and not what it stands in front of. */
export default function StepUpDialog({ onProven, onClose }: StepUpDialogProps) {
  const t = useTranslations('profile/step-up');
  const session = useSession();
  const [subject] = useState(stepUpSubject);
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
      <Stack>
        {subject && <Text fw={600}>{subject}</Text>}
        {session && isPatient(session) ? (
          <PatientProof onProven={onProven} />
        ) : (
          <AppCode onProven={onProven} />
        )}
        {canUsePasskeys() && <ByPasskey onProven={onProven} />}
      </Stack>
    </Modal>
  );
}

type Proof = Pick<StepUpDialogProps, 'onProven'>;

/** What staff have beside their password. */
function AppCode({ onProven }: Proof) {
  const t = useTranslations('profile/step-up');
  const form = useForm({
    initialValues: { code: '' },
    checks: ({ code }) => ({ code: !code.trim() && 'required' }),
    submit: async (body) => {
      await api.POST('/api/session/step-up', { body });
      onProven();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Text c="dimmed">{t('why')}</Text>
        <CodeInput label={t('code')} data-autofocus {...OWN_ESCAPE} {...form.field('code')} />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending} {...OWN_ESCAPE}>
          {t('confirm')}
        </Button>
      </Stack>
    </form>
  );
}

function ByPasskey({ onProven }: Proof) {
  const t = useTranslations('profile/step-up');
  const [problem, setProblem] = useState<ApiProblem | null>(null);
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
    <>
      <Divider label={t('or')} />
      <FormProblem of={problem} />
      <Button
        variant="default"
        {...OWN_ESCAPE}
        onClick={() => void byPasskey()}
        leftSection={<IconFingerprint size={20} aria-hidden />}
      >
        {t('passkey')}
      </Button>
    </>
  );
}
