import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ListSkeleton } from '@/ui/states/Skeletons';
import classes from '../Waiting.module.css';
import { SoundCheck } from './SoundCheck';

const DevicePanel = lazy(() => import('./DevicePanel'));

/** What one can do while waiting: hear the sound, try the camera and the microphone. */
export function GettingReady() {
  const t = useTranslations('visits.waiting');
  const [checking, setChecking] = useState(false);
  return (
    <div className={classes.ready}>
      <h2 className={classes.subtitle}>{t('getReady')}</h2>
      <p className={classes.quiet}>{t('getReadyHint')}</p>
      <div className={classes.buttons}>
        <SoundCheck />
        {!checking && (
          <Button variant="default" onClick={() => setChecking(true)}>
            {t('checkDevices')}
          </Button>
        )}
      </div>
      {checking && (
        <Suspense fallback={<ListSkeleton />}>
          <DevicePanel onClose={() => setChecking(false)} />
        </Suspense>
      )}
    </div>
  );
}
