import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/Page';

/** An address that leads nowhere, or to something that this person may not see: the same page. */
export function NotFound() {
  const t = useTranslations('notFound');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Button component="a" href="/" w="fit-content">
        {t('start')}
      </Button>
    </Page>
  );
}
