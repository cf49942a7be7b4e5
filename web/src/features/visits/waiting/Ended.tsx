import { useTranslations } from 'use-intl';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import type { Visit } from '../model';

/** The visit is over, was called off, or was missed. */
export function Ended({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.ended');
  const how =
    visit.status === 'finished' || visit.status === 'no_show' ? visit.status : 'cancelled';
  return (
    <Page title={t(`${how}.title`)} tabTitle={t('tab')} lead={t(`${how}.lead`)}>
      {how === 'finished' ? (
        <LinkButton to="/visits/$visitId" params={{ visitId: visit.id }}>
          {t('summary')}
        </LinkButton>
      ) : (
        <LinkButton to="/home">{t('home')}</LinkButton>
      )}
    </Page>
  );
}
