import { Button } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { OwnPicture } from '../stage/OwnPicture';
import { useStore } from '../useStore';
import classes from './DeviceCheck.module.css';
import { DeviceProblems } from './DeviceProblems';
import { Devices } from './Devices';
import { LevelMeter } from './LevelMeter';

interface DeviceCheckProps {
  local: LocalMedia;
  onJoin: () => void;
  joining: boolean;
  /** What the button says instead of 'Join the call'. */
  joinLabel?: string | undefined;
  /** Stands above the button: what else has to be known before joining. */
  children?: ReactNode;
}

/** Before the call: one's own picture, whether one is heard, which devices, and help where they fail. */
export function DeviceCheck({ local, onJoin, joining, joinLabel, children }: DeviceCheckProps) {
  const t = useTranslations('visits.call');
  const state = useStore(local);
  const [asked, setAsked] = useState(false);
  const [choosing, setChoosing] = useState(false);

  useEffect(() => {
    // Whoever allowed it before is not asked to press a button first.
    void allowedBefore().then((allowed) => {
      if (!allowed) return;
      setAsked(true);
      void local.open();
    });
  }, [local]);

  const ask = () => {
    setAsked(true);
    void local.open();
  };
  const ready = state.tracks.audio || state.tracks.video || state.audio.problem;

  return (
    <div className={classes.check}>
      <div className={classes.preview}>
        {asked ? (
          <OwnPicture local={local} label={t('check.preview')} />
        ) : (
          <div className={classes.ask}>
            <p>{t('check.ask')}</p>
            <Button onClick={ask}>{t('check.allow')}</Button>
          </div>
        )}
        {ready && <Switches local={local} />}
      </div>
      {asked && state.asking && <p className={classes.asking}>{t('check.asking')}</p>}
      <DeviceProblems local={local} />
      {state.tracks.audio && state.audio.on && <LevelMeter track={state.tracks.audio} />}
      {(state.tracks.audio || state.tracks.video) && (
        <details
          className={classes.choose}
          onToggle={(event) => setChoosing(event.currentTarget.open)}
        >
          <summary>{t('controls.devices')}</summary>
          {choosing && <Devices local={local} />}
        </details>
      )}
      {children}
      <Button
        size="lg"
        onClick={onJoin}
        loading={joining}
        disabled={!asked || state.asking}
        fullWidth
      >
        {joinText()}
      </Button>
    </div>
  );

  function joinText(): string {
    if (!asked || state.tracks.video) return joinLabel ?? t('check.join');
    if (state.tracks.audio) return t('check.joinWithoutVideo');
    return state.asking ? (joinLabel ?? t('check.join')) : t('check.joinSilent');
  }
}

function Switches({ local }: { local: LocalMedia }) {
  const t = useTranslations('visits.call.controls');
  const { audio, video } = useStore(local);
  return (
    <div className={classes.switches}>
      <button
        type="button"
        className={classes.switch}
        data-off={!audio.on}
        aria-label={t(audio.on ? 'mute' : 'unmute')}
        onClick={() => void local.setOn('audio', !audio.on)}
      >
        {audio.on ? <IconMicrophone aria-hidden /> : <IconMicrophoneOff aria-hidden />}
      </button>
      <button
        type="button"
        className={classes.switch}
        data-off={!video.on}
        aria-label={t(video.on ? 'cameraOff' : 'cameraOn')}
        onClick={() => void local.setOn('video', !video.on)}
      >
        {video.on ? <IconVideo aria-hidden /> : <IconVideoOff aria-hidden />}
      </button>
    </div>
  );
}

async function allowedBefore(): Promise<boolean> {
  try {
    const states = await Promise.all(
      (['camera', 'microphone'] as PermissionName[]).map((name) =>
        navigator.permissions.query({ name }),
      ),
    );
    return states.every(({ state }) => state === 'granted');
  } catch {
    // Browsers that do not tell are asked by a press of the button.
    return false;
  }
}
