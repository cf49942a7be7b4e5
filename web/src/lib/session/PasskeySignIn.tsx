import { Button, Divider } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useEnter } from './enter';
import { canUsePasskeys, PasskeyDismissed, showPasskey } from './passkeys';

/** For whoever has added one: the device's own way to say that it is you. */
export function PasskeySignIn({ slug }: { slug: string }) {
  const t = useTranslations('passkeys');
  const enter = useEnter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  if (!canUsePasskeys()) return null;
  const params = { path: { slug } };
  const signIn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const begun = await take(api.POST('/api/clinics/{slug}/passkeys/options', { params }));
      const body = await showPasskey(begun);
      await api.POST('/api/clinics/{slug}/passkeys/sign-in', { params, body });
      await enter();
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
        onClick={signIn}
        leftSection={<IconFingerprint size={22} aria-hidden />}
      >
        {t('signIn')}
      </Button>
      <FormProblem of={problem} />
    </>
  );
}
