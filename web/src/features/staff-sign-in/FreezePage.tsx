import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { type Clinic, useClinic } from './clinic';

/**
 * Where the link in 'your account was changed' leads: whoever did not expect it freezes the account, without signing
 * in. Opening the page does nothing yet, because mail programs open links by themselves.
 */
export default function FreezePage() {
  const clinic = useClinic();
  const hash = useLocation({ select: (location) => location.hash });
  // A second link opened in this tab changes the address alone; on the way out there is none.
  const [token, setToken] = useState(hash);
  if (hash && hash !== token) setToken(hash);
  return (
    <PageState of={clinic}>
      {(found) => <Opened key={token} clinic={found} token={token} />}
    </PageState>
  );
}

function Opened({ clinic, token }: { clinic: Clinic; token: string }) {
  const t = useTranslations('staff-sign-in.freeze');
  const { slug } = clinic;
  const call = { params: { path: { slug } }, body: { token } };
  const freeze = useAction({
    run: (_: undefined, init) => take(api.POST('/api/clinics/{slug}/freeze', { ...call, ...init })),
  });
  const opened = useQuery({
    queryKey: ['freeze', slug, token],
    queryFn: () => take(api.POST('/api/clinics/{slug}/freeze/open', call)),
    gcTime: 0,
    // Once it is used it would be refused.
    enabled: freeze.isIdle,
  });
  if (freeze.isSuccess) {
    return (
      <Page title={t('done')} lead={t('doneLead')}>
        {clinic.phone && <Text>{t('call', { phone: clinic.phone })}</Text>}
      </Page>
    );
  }
  if (opened.error instanceof ApiProblem && opened.error.code === 'link_over') {
    return (
      <Page title={t('over')} lead={t('overHint')}>
        <LinkButton to="/c/$slug/staff" params={{ slug }}>
          {t('toSignIn')}
        </LinkButton>
      </Page>
    );
  }
  return (
    <PageState of={opened}>
      {({ name }) => (
        <Page title={t('title', { name })} lead={t('lead', { clinic: clinic.name })}>
          <Stack>
            <Text>{t('consequence')}</Text>
            <FormProblem of={freeze.error} />
            <Button
              color="red"
              fullWidth
              loading={freeze.isPending}
              onClick={() => freeze.mutate(undefined)}
            >
              {t('freeze')}
            </Button>
            <Text c="dimmed">{t('known')}</Text>
          </Stack>
        </Page>
      )}
    </PageState>
  );
}
