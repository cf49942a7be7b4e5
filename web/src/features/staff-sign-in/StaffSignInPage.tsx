import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { type Clinic, type Step, useClinic } from './clinic';
import { EnrolStep } from './EnrolStep';
import { ForgotStep } from './ForgotStep';
import { PasswordStep } from './PasswordStep';
import { SecondFactorStep } from './SecondFactorStep';

/** The staff's way in: a password and a second factor, or a passkey, which is both. */
export default function StaffSignInPage() {
  return <PageState of={useClinic()}>{(clinic) => <SignIn clinic={clinic} />}</PageState>;
}

function SignIn({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('staff-sign-in');
  const [step, setStep] = useState<Step | null>(null);
  const [forgot, setForgot] = useState(false);
  if (step) return <NextStep clinic={clinic} step={step} onAgain={() => setStep(null)} />;
  if (forgot) {
    return (
      <Page key="forgot" title={t('forgot.title')} lead={t('forgot.lead')}>
        <ForgotStep slug={clinic.slug} onBack={() => setForgot(false)} />
      </Page>
    );
  }
  return (
    <Page key="password" title={t('password.title')} lead={clinic.name}>
      <PasswordStep clinic={clinic} onStep={setStep} onForgot={() => setForgot(true)} />
    </Page>
  );
}

interface NextStepProps {
  clinic: Clinic;
  step: Step;
  onAgain: () => void;
}

/** After the password: show the second factor, or set one up. */
export function NextStep({ clinic, step, onAgain }: NextStepProps) {
  const t = useTranslations('staff-sign-in');
  if (step.step === 'enrol') {
    return (
      <Page key="enrol" title={t('enrol.title')} lead={t('enrol.lead')}>
        <EnrolStep clinic={clinic} challenge={step.challenge} onAgain={onAgain} />
      </Page>
    );
  }
  return (
    <Page key="second" title={t('second.title')} lead={t('second.lead')}>
      <SecondFactorStep clinic={clinic} step={step} onAgain={onAgain} />
    </Page>
  );
}
