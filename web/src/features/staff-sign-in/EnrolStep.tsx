import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useEnter } from '@/lib/session/enter';
import { AppSetUp } from '@/lib/session/factors/AppSetUp';
import { PasskeyButton } from '@/lib/session/factors/PasskeyButton';
import { canUsePasskeys, makePasskey } from '@/lib/session/factors/passkeys';
import { RecoveryCodes } from '@/lib/session/factors/RecoveryCodes';
import { QueryState } from '@/ui/states/QueryState';
import type { Clinic } from './clinic';

interface EnrolStepProps {
  clinic: Clinic;
  challenge: string;
  onAgain: () => void;
}

/** The first second factor: an authenticator app or a passkey, and then the codes to keep on paper. */
export function EnrolStep({ clinic, challenge, onAgain }: EnrolStepProps) {
  const t = useTranslations('staff-sign-in.enrol');
  const enter = useEnter();
  const [codes, setCodes] = useState<string[] | null>(null);
  const params = { path: { slug: clinic.slug } };
  const app = useQuery({
    queryKey: ['enrolment', challenge],
    queryFn: () =>
      take(api.POST('/api/clinics/{slug}/staff/enrolment', { params, body: { challenge } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    // Asked again once it is set up, it would be refused.
    enabled: !codes,
  });
  if (codes) return <RecoveryCodes codes={codes} onKept={() => void enter()} />;
  const confirm = async (code: string) => {
    const body = { challenge, code };
    const made = api.POST('/api/clinics/{slug}/staff/enrolment/confirm', { params, body });
    setCodes((await take(made)).recovery_codes);
  };
  return (
    <Stack gap="lg">
      <QueryState of={app}>
        {(enrolment) => (
          <AppSetUp enrolment={enrolment} onCode={confirm} onOver={() => void app.refetch()} />
        )}
      </QueryState>
      {app.isError && <Button onClick={onAgain}>{t('again')}</Button>}
      {clinic.passkeys && canUsePasskeys() && (
        <EnrolPasskey slug={clinic.slug} enrolment={challenge} onCodes={setCodes} />
      )}
    </Stack>
  );
}

interface EnrolPasskeyProps {
  slug: string;
  enrolment: string;
  onCodes: (codes: string[]) => void;
}

function EnrolPasskey({ slug, enrolment, onCodes }: EnrolPasskeyProps) {
  const t = useTranslations('staff-sign-in.enrol');
  const enrol = async () => {
    const params = { path: { slug } };
    const options = '/api/clinics/{slug}/staff/enrolment/passkey/options';
    const begun = await take(api.POST(options, { params, body: { challenge: enrolment } }));
    const body = { ...(await makePasskey(begun)), enrolment, name: t('firstPasskey') };
    const kept = api.POST('/api/clinics/{slug}/staff/enrolment/passkey', { params, body });
    onCodes((await take(kept)).recovery_codes);
  };
  return <PasskeyButton label={t('passkey')} run={enrol} />;
}
