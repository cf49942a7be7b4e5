import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LocalMedia } from '@/lib/call/devices';
import { DevicePickers } from '../call/devices/DevicePickers';
import { DeviceProblems } from '../call/devices/DeviceProblems';
import { LevelMeter } from '../call/devices/LevelMeter';
import { OwnPicture } from '../call/stage/OwnPicture';
import { useStore } from '../call/useStore';
import classes from './Guest.module.css';

/** Camera and microphone tried out while a guest waits to be let in. Both are let go afterwards. */
export default function DevicePanel({ onClose }: { onClose: () => void }) {
  const [local, setLocal] = useState<LocalMedia | null>(null);
  useEffect(() => {
    const opened = new LocalMedia();
    setLocal(opened);
    void opened.open();
    return () => opened.release();
  }, []);
  return local && <Panel local={local} onClose={onClose} />;
}

function Panel({ local, onClose }: { local: LocalMedia; onClose: () => void }) {
  const t = useTranslations('visits/guest.devices');
  const { tracks, audio, asking } = useStore(local);
  return (
    <section className={classes.devices} aria-label={t('label')}>
      <div className={classes.mirror}>
        <OwnPicture local={local} label={t('mirror')} />
      </div>
      {asking && <p className={classes.quiet}>{t('asking')}</p>}
      <DeviceProblems local={local} />
      {tracks.audio && audio.on && <LevelMeter track={tracks.audio} />}
      {(tracks.audio || tracks.video) && <DevicePickers local={local} />}
      <Button variant="default" onClick={onClose}>
        {t('done')}
      </Button>
    </section>
  );
}
