import { Button } from '@mantine/core';
import { IconBell, IconBellOff, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { chime } from '@/lib/attention/chime';
import classes from './Queue.module.css';
import { useDesktopSetting, useSoundSetting } from './settings';

/** How one is told of somebody new: by sound, and by a notification of the desktop. */
export function AlertSettings() {
  const t = useTranslations('visits/queue.alerts');
  const [sound, setSound] = useSoundSetting();
  const desktop = useDesktopSetting();
  const Sound = sound ? IconVolume : IconVolumeOff;
  const Desktop = desktop.state === 'on' ? IconBell : IconBellOff;
  const toggleSound = () => {
    setSound(!sound);
    if (!sound) void chime('arrival');
  };
  return (
    <>
      <Button variant="default" aria-pressed={sound} onClick={toggleSound}>
        <Sound size={18} aria-hidden />
        <span className={classes.setting}>{t(sound ? 'soundOn' : 'soundOff')}</span>
      </Button>
      {desktop.state !== 'unsupported' && (
        <Button
          variant={desktop.state === 'ask' ? 'light' : 'default'}
          aria-pressed={desktop.state === 'on'}
          disabled={desktop.state === 'blocked'}
          onClick={() => void desktop.toggle()}
        >
          <Desktop size={18} aria-hidden />
          <span className={classes.setting}>{t(`desktop.${desktop.state}`)}</span>
        </Button>
      )}
    </>
  );
}
