import { IconVideoOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { useStore } from '../useStore';
import classes from './Stage.module.css';
import { Video } from './Video';

/** What the others see of this person, as in a mirror; or why they see nothing. */
export function OwnPicture({ local, label }: { local: LocalMedia; label: string }) {
  const t = useTranslations('visits.call.check');
  const { tracks, video } = useStore(local);
  const stream = useMemo(
    () => (tracks.video ? new MediaStream([tracks.video]) : null),
    [tracks.video],
  );
  if (stream) return <Video stream={stream} label={label} className={classes.own} own />;
  return (
    <div className={classes.noPicture}>
      <IconVideoOff aria-hidden />
      <span>{t(video.on ? 'noCamera' : 'cameraOff')}</span>
    </div>
  );
}
