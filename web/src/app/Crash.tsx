import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';

/** A page that broke: what was sent is safe, and here is the way back. */
export function Crash({ retry }: { retry?: () => void }) {
  const t = useTranslations('crash');
  return (
    <main>
      <Page title={t('title')} lead={t('lead')}>
        <Group>
          <Button onClick={retry ?? (() => window.location.reload())}>{t('reload')}</Button>
          <Button variant="default" component="a" href="/">
            {t('start')}
          </Button>
        </Group>
      </Page>
    </main>
  );
}
