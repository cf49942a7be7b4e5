import { Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useSignOut } from '@/lib/session/ending';
import type { Session } from '@/lib/session/session';

/** After the sign-in of somebody who may act for several patients, or for none any more: for whom is it? */
export function WhoFor({ session }: { session: Session }) {
  const t = useTranslations('shell.whoFor');
  const signOut = useSignOut();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const choose = async (patient_id: string) => {
    setBusy(patient_id);
    try {
      await api.POST('/api/session/acting-for', { body: { patient_id } });
      window.location.reload();
    } catch (error) {
      setProblem(asWhole(error as ApiProblem));
      setBusy(null);
    }
  };
  const nobody = session.patients.length === 0;
  return (
    <Stack component="main" id="main" tabIndex={-1} maw={480} mx="auto" p="lg">
      <Title order={1}>{nobody ? t('nobody') : t('title')}</Title>
      {nobody && <Text>{t('nobodyHint', { clinic: session.clinic.name })}</Text>}
      {session.patients.map(({ patient_id, name, relationship }) => (
        <Button
          key={patient_id}
          size="lg"
          variant="default"
          loading={busy === patient_id}
          onClick={() => void choose(patient_id)}
        >
          {relationship === 'ONESELF' ? t('oneself', { name }) : name}
        </Button>
      ))}
      <FormProblem of={problem} />
      <Button variant="subtle" onClick={() => void signOut('chosen')}>
        {t('signOut')}
      </Button>
    </Stack>
  );
}
