import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/Page';
import type { Visit } from '../model';

/** The visit is over, was called off, or was missed. */
export function Ended({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.ended');
  const how =
    visit.status === 'finished' || visit.status === 'no_show' ? visit.status : 'cancelled';
  return (
    <Page title={t(`${how}.title`)} tabTitle={t('tab')} lead={t(`${how}.lead`)}>
      {how === 'finished' ? (
        <Button component={Link} to={`/visits/${visit.id}`}>
          {t('summary')}
        </Button>
      ) : (
        <Button component={Link} to="/home">
          {t('home')}
        </Button>
      )}
    </Page>
  );
}
