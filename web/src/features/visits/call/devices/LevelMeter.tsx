import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Level } from '@/lib/call/level';
import classes from './DeviceCheck.module.css';

/** Speech reaches this on the meter's scale of 0 to 1. */
const SPEECH = 0.15;

/** Shows that the microphone hears something. */
export function LevelMeter({ track }: { track: MediaStreamTrack }) {
  const t = useTranslations('visits.call.check');
  const bar = useRef<HTMLSpanElement>(null);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    setHeard(false);
    const level = new Level(track, (value) => {
      bar.current?.style.setProperty('--level', value.toFixed(3));
      if (value > SPEECH) setHeard(true);
    });
    return () => level.stop();
  }, [track]);

  return (
    <div className={classes.level}>
      <span className={classes.meter} role="img" aria-label={t('level')}>
        <span ref={bar} className={classes.bar} />
      </span>
      <span aria-live="polite">{t(heard ? 'heard' : 'speak')}</span>
    </div>
  );
}
