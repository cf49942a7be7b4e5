import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';

/** For somebody who comes without a clinic's address. */
export default function StartPage() {
  const t = useTranslations('home.start');
  return (
    <Page title={t('title')}>
      <p>{t('body')}</p>
    </Page>
  );
}
