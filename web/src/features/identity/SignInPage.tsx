import { Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useEnter } from '@/lib/session/enter';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { PageSkeleton } from '@/ui/states/Skeletons';
import { CodeStep } from './CodeStep';
import { ContactStep } from './ContactStep';
import { type Clinic, useClinic } from './clinic';
import type { Accepted, Asked, Typed } from './signIn';
import { WhoStep } from './whoStep';

/** A patient's way in: a phone or mailbox, the code that was sent there, and for new people a name. */
export default function SignInPage() {
  return <PageState of={useClinic()}>{(clinic) => <SignIn clinic={clinic} />}</PageState>;
}

function SignIn({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.signIn');
  const enter = useEnter();
  const [typed, setTyped] = useState<Typed>({ by: 'phone', contact: '' });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [accepted, setAccepted] = useState<Accepted | null>(null);

  const proceed = async (result: Accepted) => {
    if (result.outcome === 'signed_in') await enter();
    else setAccepted(result);
  };
  if (accepted) {
    return (
      <Suspense fallback={<PageSkeleton />}>
        <WhoStep clinic={clinic} accepted={accepted} onOver={() => setAccepted(null)} />
      </Suspense>
    );
  }
  if (asked) {
    return (
      <Page
        key="code"
        title={t('codeTitle')}
        lead={t(`sentBy.${asked.channel}`, { to: asked.masked })}
      >
        <CodeStep
          clinic={clinic}
          typed={typed}
          asked={asked}
          onAsked={setAsked}
          onAccepted={proceed}
          onOther={() => setAsked(null)}
        />
      </Page>
    );
  }
  return (
    <Page key="contact" title={t('title')} lead={t('lead', { clinic: clinic.name })}>
      <ContactStep clinic={clinic} typed={typed} onTyped={setTyped} onAsked={setAsked} />
    </Page>
  );
}
