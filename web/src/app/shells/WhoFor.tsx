import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useSignOut } from '@/lib/session/ending';
import type { Session } from '@/lib/session/session';
import { Brand } from '@/ui/brand/Brand';
import { Page } from '@/ui/page/Page';
import { LanguageSwitch } from './bar/LanguageSwitch';
import shell from './Shell.module.css';
import classes from './WhoFor.module.css';

/** After the sign-in of somebody who may act for several patients, or for none any more: for whom is it? */
export function WhoFor({ session }: { session: Session }) {
  const t = useTranslations('profile/relations.whoFor');
  const relationshipOf = useTranslations('profile/relations.relationship');
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
  const { clinic, name: own, patients } = session;
  const nobody = patients.length === 0;
  return (
    <div className={shell.shell}>
      <header className={shell.bar}>
        <span className={shell.brand}>
          <Brand name={clinic.name} />
        </span>
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1} className={shell.main}>
        <Page
          title={t(nobody ? 'nobody' : 'title')}
          lead={nobody ? t('nobodyHint', { clinic: clinic.name }) : t('lead', { name: own })}
        >
          <FormProblem of={problem} />
          {patients.map(({ patient_id, name, relationship }) => (
            <Button
              key={patient_id}
              className={classes.choice ?? ''}
              variant="default"
              justify="flex-start"
              loading={busy === patient_id}
              disabled={busy !== null && busy !== patient_id}
              onClick={() => void choose(patient_id)}
            >
              <span className={classes.words}>
                <span>{name}</span>
                <Text component="span" size="sm" c="dimmed">
                  {relationship === 'ONESELF'
                    ? t('yourself')
                    : t('youAre', { as: relationshipOf(relationship) })}
                </Text>
              </span>
            </Button>
          ))}
          <Button variant="subtle" onClick={() => void signOut('chosen')}>
            {t('signOut')}
          </Button>
        </Page>
      </main>
    </div>
  );
}
