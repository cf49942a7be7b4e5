import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconSettings,
  IconVideo,
  IconVideoOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { useKeys } from '@/lib/keys';
import { useStore } from '../useStore';
import classes from './Stage.module.css';

interface ControlsProps {
  local: LocalMedia;
  devicesOpen: boolean;
  onDevices: () => void;
  onHangUp: () => void;
}

/** Mute, camera, devices, leave; also by the keys M and V wherever nothing is being typed. */
export function Controls({ local, devicesOpen, onDevices, onHangUp }: ControlsProps) {
  const t = useTranslations('visits.call.controls');
  const { audio, video } = useStore(local);
  useKeys({
    m: () => void local.setOn('audio', !audio.on),
    v: () => void local.setOn('video', !video.on),
  });
  return (
    <div className={classes.controls} role="toolbar" aria-label={t('label')}>
      <Control
        label={t(audio.on ? 'mute' : 'unmute')}
        keys="m"
        off={!audio.on}
        press={() => void local.setOn('audio', !audio.on)}
      >
        {audio.on ? <IconMicrophone aria-hidden /> : <IconMicrophoneOff aria-hidden />}
      </Control>
      <Control
        label={t(video.on ? 'cameraOff' : 'cameraOn')}
        keys="v"
        off={!video.on}
        press={() => void local.setOn('video', !video.on)}
      >
        {video.on ? <IconVideo aria-hidden /> : <IconVideoOff aria-hidden />}
      </Control>
      <Control label={t('devices')} pressed={devicesOpen} press={onDevices}>
        <IconSettings aria-hidden />
      </Control>
      <Control label={t('hangUp')} danger press={onHangUp}>
        <IconPhoneOff aria-hidden />
      </Control>
    </div>
  );
}

interface ControlProps {
  label: string;
  keys?: string;
  off?: boolean;
  pressed?: boolean;
  danger?: boolean;
  press: () => void;
  children: ReactNode;
}

function Control({ label, keys, off, pressed, danger, press, children }: ControlProps) {
  return (
    <button
      type="button"
      className={classes.control}
      data-off={off}
      data-danger={danger}
      aria-expanded={pressed}
      aria-keyshortcuts={keys}
      title={label}
      onClick={press}
    >
      <span className={classes.round}>{children}</span>
      <span className={classes.caption}>{label}</span>
    </button>
  );
}
