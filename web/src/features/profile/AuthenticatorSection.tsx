import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { AppSetUp } from '@/lib/session/factors/AppSetUp';
import { RecoveryCodes } from '@/lib/session/factors/RecoveryCodes';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { type Profile, profileQuery } from './profile';

/** The staff's second factor: the app, and the codes for when it is lost. */
export function AuthenticatorSection({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.authenticator');
  const queries = useQueryClient();
  const [enrolment, setEnrolment] = useState<components['schemas']['EnrolmentOut'] | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { authenticator, recovery_codes_left: left } = profile.security;

  const guarded = async (run: () => Promise<void>) => {
    setProblem(null);
    await run().catch((error) => setProblem(error as ApiProblem));
  };
  const start = () =>
    guarded(async () => setEnrolment(await take(api.POST('/api/me/authenticator'))));
  const renew = () =>
    guarded(async () => {
      setCodes((await take(api.POST('/api/me/recovery-codes'))).recovery_codes);
    });
  const confirm = async (code: string) => {
    const made = await take(api.POST('/api/me/authenticator/confirm', { body: { code } }));
    setEnrolment(null);
    setCodes(made.recovery_codes);
  };
  const done = () => {
    setCodes(null);
    void queries.invalidateQueries({ queryKey: profileQuery.queryKey });
  };
  return (
    <Section title={t('title')}>
      <FormProblem of={problem} />
      <Rows label={t('title')}>
        <Row
          title={t('app')}
          detail={t(authenticator ? 'appSet' : 'appMissing')}
          aside={
            <Button variant="default" size="sm" onClick={() => void start()}>
              {t(authenticator ? 'otherApp' : 'setUp')}
            </Button>
          }
        />
        <Row
          title={t('codes')}
          detail={t('codesLeft', { count: left })}
          aside={
            <ConfirmButton
              variant="default"
              size="sm"
              question={t('renewQuestion')}
              consequence={t('renewConsequence')}
              confirm={t('renew')}
              onConfirm={() => void renew()}
            >
              {t('renew')}
            </ConfirmButton>
          }
        />
      </Rows>
      {enrolment && (
        <Modal
          opened
          onClose={() => setEnrolment(null)}
          title={t('setUp')}
          closeButtonProps={{ 'aria-label': t('close') }}
        >
          <AppSetUp enrolment={enrolment} onCode={confirm} onOver={() => void start()} />
        </Modal>
      )}
      {codes && (
        <Modal
          opened
          onClose={done}
          title={t('codes')}
          withCloseButton={false}
          closeOnClickOutside={false}
        >
          <RecoveryCodes codes={codes} onKept={done} />
        </Modal>
      )}
    </Section>
  );
}
