import { Button, Divider } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { PasskeyDismissed } from './passkeys';

interface PasskeyButtonProps {
  label: string;
  /** The ceremony, from asking the server to its answer. */
  run: () => Promise<void>;
}

/** The other way to go on, beneath a form: by the device's own lock. Waving it away is no problem. */
export function PasskeyButton({ label, run }: PasskeyButtonProps) {
  const t = useTranslations('passkeys');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const press = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof PasskeyDismissed)) setProblem(asWhole(error as ApiProblem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Divider label={t('or')} />
      <Button
        variant="default"
        fullWidth
        loading={busy}
        onClick={press}
        leftSection={<IconFingerprint size={22} aria-hidden />}
      >
        {label}
      </Button>
      <FormProblem of={problem} />
    </>
  );
}
