import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { PasswordField } from '@/ui/fields/PasswordField';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { type Clinic, type Step, useClinic } from './clinic';
import { NextStep } from './StaffSignInPage';

type Invite = components['schemas']['InviteOut'];

/** Where an invitation's link leads, and that of a forgotten password. Its secret is after the `#`. */
export default function InvitePage() {
  const clinic = useClinic();
  // Another link opened in this tab changes the address without loading the page again. On the way out the address
  // has changed already while this page still stands: what has no secret is no other link.
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(hash);
  if (hash && hash !== token) setToken(hash);
  return (
    <PageState of={clinic}>
      {(found) => <Opened key={token} clinic={found} token={token} />}
    </PageState>
  );
}

function Opened({ clinic, token }: { clinic: Clinic; token: string }) {
  const t = useTranslations('staff-sign-in.invite');
  const { slug } = clinic;
  const [step, setStep] = useState<Step | null>(null);
  const invite = useQuery({
    queryKey: ['invite', slug, token],
    queryFn: () =>
      take(
        api.POST('/api/clinics/{slug}/invites/open', {
          params: { path: { slug } },
          body: { token },
        }),
      ),
    gcTime: 0,
    // Once the password is set the link is used: asked again, it would be refused.
    enabled: !step,
  });
  if (step) {
    return (
      <NextStep
        clinic={clinic}
        step={step}
        onAgain={() => window.location.assign(`/c/${slug}/staff`)}
      />
    );
  }
  if (invite.error instanceof ApiProblem && invite.error.code === 'link_over') {
    return (
      <Page title={t('over')} lead={t('overHint')}>
        <LinkButton to="/c/$slug/staff" params={{ slug }}>
          {t('toSignIn')}
        </LinkButton>
      </Page>
    );
  }
  return (
    <PageState of={invite}>
      {(found) => <SetPassword clinic={clinic} invite={found} token={token} onStep={setStep} />}
    </PageState>
  );
}

interface SetPasswordProps {
  clinic: Clinic;
  invite: Invite;
  token: string;
  onStep: (step: Step) => void;
}

function SetPassword({ clinic, invite, token, onStep }: SetPasswordProps) {
  const t = useTranslations('staff-sign-in.invite');
  const form = useForm({
    initialValues: { password: '' },
    checks: ({ password }) => ({ password: password.length < 12 && 'password_too_short' }),
    submit: async ({ password }) => {
      const params = { path: { slug: clinic.slug } };
      const body = { token, password };
      onStep(await take(api.POST('/api/clinics/{slug}/invites/accept', { params, body })));
    },
  });
  const title = invite.purpose === 'invite' ? 'welcome' : 'reset';
  return (
    <Page title={t(title, { name: invite.name, clinic: clinic.name })} lead={t('lead')}>
      <form {...form.props}>
        <Stack>
          <input
            type="hidden"
            name="username"
            autoComplete="username"
            value={invite.email}
            readOnly
          />
          <PasswordField
            label={t('password', { email: invite.email })}
            description={t('passwordHint')}
            autoComplete="new-password"
            maxLength={128}
            data-autofocus
            {...form.field('password')}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} fullWidth>
            {t('set')}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}
