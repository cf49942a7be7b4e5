import { Button, NativeSelect } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { Device, LocalMedia } from '@/lib/call/devices';
import { playTestSound } from '@/lib/call/level';
import { useStore } from '../useStore';
import classes from './DeviceCheck.module.css';

const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;

/** Which camera, microphone and speaker, before the call and in it. */
export function DevicePickers({ local }: { local: LocalMedia }) {
  const t = useTranslations('visits.call.check');
  const state = useStore(local);
  const options = (kind: string, devices: readonly Device[]) =>
    devices.map(({ id, label }, at) => ({
      value: id,
      label: label || t('unnamed', { kind, number: at + 1 }),
    }));
  return (
    <div className={classes.pickers}>
      {state.cameras.length > 0 && (
        <NativeSelect
          label={t('camera')}
          data={options(t('camera'), state.cameras)}
          value={state.video.deviceId ?? state.cameras[0]?.id ?? ''}
          onChange={(event) => void local.choose('video', event.currentTarget.value)}
        />
      )}
      {state.microphones.length > 0 && (
        <NativeSelect
          label={t('microphone')}
          data={options(t('microphone'), state.microphones)}
          value={state.audio.deviceId ?? state.microphones[0]?.id ?? ''}
          onChange={(event) => void local.choose('audio', event.currentTarget.value)}
        />
      )}
      {canChooseSpeaker && state.speakers.length > 0 && (
        <NativeSelect
          label={t('speaker')}
          data={options(t('speaker'), state.speakers)}
          value={state.speakerId ?? state.speakers[0]?.id ?? ''}
          onChange={(event) => local.chooseSpeaker(event.currentTarget.value)}
        />
      )}
      <Button
        variant="subtle"
        leftSection={<IconVolume size={20} aria-hidden />}
        onClick={() => void playTestSound(state.speakerId)}
      >
        {t('testSound')}
      </Button>
    </div>
  );
}
