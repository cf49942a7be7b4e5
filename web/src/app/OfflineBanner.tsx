import { IconCloudOff } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './OfflineBanner.module.css';
import { useOnline } from './useOnline';

/** Says that this device has no network, and that what was typed is kept. */
export function OfflineBanner() {
  const t = useTranslations('shell');
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className={classes.banner}>
          <IconCloudOff size={18} aria-hidden />
          {t('offline')}
        </p>
      )}
    </div>
  );
}
