import { useTranslations } from 'use-intl';
import { homeOf, usePerson } from '@/lib/session/session';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';

/** A place of another role: said at once, and with a way to one's own. */
export function NotForYou() {
  const t = useTranslations();
  return (
    <Page title={t('errors.not_permitted')} lead={t('notFound.lead')}>
      <LinkButton to={homeOf(usePerson())} w="fit-content">
        {t('notFound.start')}
      </LinkButton>
    </Page>
  );
}
