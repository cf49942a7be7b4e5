import { Button, Stack } from '@mantine/core';
import { Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { ApiProblem, asWhole } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useEnter } from '@/lib/session/enter';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { PageSkeleton } from '@/ui/states/Skeletons';
import { type Clinic, useClinic } from './clinic';
import type { Accepted } from './signIn';
import { WhoStep } from './whoStep';

/**
 * Where the link of a message leads. Opening it does nothing: programs that look at messages open
 * links too. Its secret stands after the `#`, where no server sees it, until somebody presses.
 */
export default function LinkPage() {
  return <PageState of={useClinic()}>{(clinic) => <Link clinic={clinic} />}</PageState>;
}

function Link({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.link');
  const enter = useEnter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [accepted, setAccepted] = useState<Accepted | null>(null);
  const { slug } = clinic;
  const signIn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body = { token: window.location.hash.slice(1) };
      const checked = api.POST('/api/clinics/{slug}/links/check', {
        params: { path: { slug } },
        body,
      });
      const result = await take(checked);
      if (result.outcome === 'signed_in') await enter();
      else setAccepted(result);
    } catch (error) {
      setProblem(ofLink(asWhole(error as ApiProblem)));
    } finally {
      setBusy(false);
    }
  };
  if (accepted) {
    return (
      <Suspense fallback={<PageSkeleton />}>
        <WhoStep clinic={clinic} accepted={accepted} onOver={() => setAccepted(null)} />
      </Suspense>
    );
  }
  return (
    <Page title={t('title', { clinic: clinic.name })} lead={t('lead')}>
      <Stack>
        <FormProblem of={problem} />
        {!problem && (
          <Button onClick={signIn} loading={busy} fullWidth>
            {t('signIn')}
          </Button>
        )}
        <LinkButton
          to="/c/$slug/sign-in"
          params={{ slug }}
          variant={problem ? 'filled' : 'default'}
          fullWidth
        >
          {t(problem ? 'again' : 'newCode')}
        </LinkButton>
      </Stack>
    </Page>
  );
}

/** To the API link and code are one; the reader has pressed a link and knows of no code. */
const ofLink = (problem: ApiProblem): ApiProblem =>
  problem.code === 'code_spent' ? new ApiProblem(problem.status, 'link_spent') : problem;
