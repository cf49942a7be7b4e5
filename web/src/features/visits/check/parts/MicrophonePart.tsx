import { IconMicrophone } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Level } from '@/lib/call/level';
import { useStore } from '../../call/useStore';
import classes from '../Check.module.css';
import type { Check } from '../useCheck';
import { type How, Part } from './Part';

/** Speech reaches this on the meter's scale of 0 to 1. */
const SPEECH = 0.15;

/** Whether one is heard, with a bar that moves. */
export function MicrophonePart({ check }: { check: Check }) {
  const { local, asking, heard, facts, onHeard } = check;
  const t = useTranslations('visits/check.microphone');
  const { tracks, audio } = useStore(local);
  const works = tracks.audio && !audio.problem;
  const how: How = asking ? 'wait' : !works ? 'bad' : heard ? 'ok' : facts ? 'warn' : 'ask';
  const says = {
    wait: t('asking'),
    ask: t('speak'),
    ok: t('heard'),
    warn: t('silent'),
    bad: t('fails'),
  }[how];
  return (
    <Part icon={<IconMicrophone aria-hidden />} name={t('name')} how={how} says={says}>
      {works && tracks.audio && <Meter track={tracks.audio} label={t('level')} onHeard={onHeard} />}
      {how === 'warn' && <p className={classes.help}>{t('silentHelp')}</p>}
    </Part>
  );
}

interface MeterProps {
  track: MediaStreamTrack;
  label: string;
  onHeard: () => void;
}

function Meter({ track, label, onHeard }: MeterProps) {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const level = new Level(track, (value) => {
      bar.current?.style.setProperty('--level', value.toFixed(3));
      if (value > SPEECH) onHeard();
    });
    return () => level.stop();
  }, [track, onHeard]);
  return (
    <span className={classes.meter} role="img" aria-label={label}>
      <span ref={bar} className={classes.bar} />
    </span>
  );
}
