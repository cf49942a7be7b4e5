import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/Page';
import { useOnline } from './useOnline';

const reload = () => window.location.reload();

/** A page whose code did not arrive. It opens by itself as soon as the network is back. */
export function NotLoaded() {
  const t = useTranslations('notLoaded');
  const online = useOnline();
  useEffect(() => {
    window.addEventListener('online', reload);
    return () => window.removeEventListener('online', reload);
  }, []);
  return (
    <Page title={t('title')} lead={t(online ? 'online' : 'offline')}>
      {/* Offline, loading again would only bring the browser's own page. */}
      {online && <Button onClick={reload}>{t('again')}</Button>}
    </Page>
  );
}
