import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';
import { useOnline } from './useOnline';

const EVERY_MS = 3000;

/** Loads this address anew if the server answers: without an answer only the browser's own page would come. */
async function reopen(): Promise<void> {
  const answer = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
  if (answer.ok) location.reload();
}

/** A page whose code did not arrive. It opens by itself as soon as the server can be reached again. */
export function NotLoaded() {
  const t = useTranslations('notLoaded');
  const online = useOnline();
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const again = () => void reopen().catch(() => undefined);
    const timer = setInterval(again, EVERY_MS);
    window.addEventListener('online', again);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', again);
    };
  }, []);
  return (
    <Page title={t('title')} lead={t(online ? 'online' : 'offline')}>
      <Button onClick={() => void reopen().catch(() => setTried(true))}>{t('again')}</Button>
      <p role="status">{tried && t('still')}</p>
    </Page>
  );
}
