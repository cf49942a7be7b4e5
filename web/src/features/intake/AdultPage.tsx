import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useParam } from '@/lib/routing/useParam';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { AdultFields } from './fields/AdultFields';
import type { Draft, Intake } from './model';

/** Who is with the child, said anew: by a booked time, or at the call, it may be another adult. */
export default function AdultPage() {
  const visitId = useParam('visitId');
  const query = useQuery({
    queryKey: ['intake', visitId, 'adult'],
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}/intake', { params: { path: { visit_id: visitId } } })),
    gcTime: 0,
  });
  return <PageState of={query}>{(found) => <Naming intake={found as Intake} />}</PageState>;
}

function Naming({ intake }: { intake: Intake }) {
  const t = useTranslations('intake.adult');
  const naming = useTranslations('profile/relations.naming');
  const navigate = useNavigate();
  const params = { visitId: intake.visit_id };
  const known = intake.adults ?? [];
  const form = useForm({
    initialValues: { adult: intake.named ?? intake.draft.adult },
    submit: async (body) => {
      const path = { visit_id: intake.visit_id };
      await take(api.PUT('/api/visits/{visit_id}/adult', { params: { path }, body }));
      await navigate({ to: '/visit/$visitId/waiting', params });
    },
  });
  return (
    <Page title={t('title')} lead={naming('lead', { clinic: intake.clinic_name })}>
      <form {...form.props}>
        <Stack>
          <AdultFields
            adult={form.values.adult}
            known={known}
            onChange={(adult, path) => {
              form.set('adult', adult);
              // What was wrong with this field is mended.
              form.set(path, adult[path.replace('adult.', '') as keyof Draft['adult']]);
            }}
            error={(path) => form.field(path).error}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {naming('save')}
          </Button>
          <LinkButton to="/visit/$visitId/waiting" params={params} variant="subtle">
            {naming('back')}
          </LinkButton>
        </Stack>
      </form>
    </Page>
  );
}
