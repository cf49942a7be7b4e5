import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { Page } from '@/ui/page/Page';
import { pathOf, type Visit } from '../model';
import { EmergencyLine } from './EmergencyLine';
import { Leaving } from './Leaving';

/** The patient stepped out; one press brings them back. */
export function Away({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.away');
  const comeBack = useAction({
    run: (_: undefined, init) =>
      take(api.POST('/api/visits/{visit_id}/return', { ...pathOf(visit.id), ...init })),
    invalidates: [['visits']],
  });
  return (
    <Page title={t('title')} tabTitle={t('tab')} lead={t('lead')}>
      <FormProblem of={comeBack.error} />
      <Button size="lg" loading={comeBack.isPending} onClick={() => comeBack.mutate(undefined)}>
        {t('back')}
      </Button>
      <Leaving visit={visit} />
      <EmergencyLine visit={visit} />
    </Page>
  );
}
