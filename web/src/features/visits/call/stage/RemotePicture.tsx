import { Button } from '@mantine/core';
import { IconMicrophoneOff, IconVideoOff, IconVolume } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Call } from '@/lib/call/engine';
import type { PeerState } from '@/lib/call/state';
import type { Quality } from '@/lib/call/watching/quality';
import { useStore } from '../useStore';
import { QualitySign } from './QualitySign';
import classes from './Stage.module.css';
import { useTrouble } from './trouble';
import { useSecondsUntil } from './useSeconds';
import { Video } from './Video';

interface RemotePictureProps {
  call: Call;
  peer: PeerState;
  name: string;
  /** A picture of theirs is on its way to us. */
  shown: boolean;
  quality: Quality;
}

/** Somebody else: their video, or their initials; whether they are muted, how well they arrive. */
export function RemotePicture({ call, peer, name, shown, quality }: RemotePictureProps) {
  const t = useTranslations('visits/call.picture');
  const status = useTranslations('visits/call.status');
  const [unblock, setUnblock] = useState<(() => void) | null>(null);
  const { speakerId } = useStore(call.local);
  const { participant_id: id, media, display } = peer.peer;
  const trouble = useTrouble(peer, quality);
  const covered = trouble === 'away' || trouble === 'mending';
  const hears = () => {
    unblock?.();
    setUnblock(null);
  };
  return (
    <div className={classes.remote} data-camera={shown} data-trouble={covered} data-name={name}>
      <Video
        stream={call.remote(id)}
        label={t('theirs', { name })}
        className={classes.theirs}
        speakerId={speakerId}
        onBlocked={(play) => setUnblock(() => play)}
      />
      {!covered && (!shown || peer.link.phase === 'connecting') && (
        <div className={classes.initials}>
          <span aria-hidden>{display || '·'}</span>
        </div>
      )}
      <ul className={classes.signs}>
        {trouble === 'unheard' && <li>{status('peerAway', { name })}</li>}
        {!media.microphone && (
          <li>
            <IconMicrophoneOff size={18} aria-hidden /> {t('theirsMuted', { name })}
          </li>
        )}
        {!media.camera && !media.voice_only && (
          <li>
            <IconVideoOff size={18} aria-hidden /> {t('theirsOff', { name })}
          </li>
        )}
      </ul>
      {!covered && peer.link.phase === 'connected' && <QualitySign quality={quality} name={name} />}
      {covered && <Cover trouble={trouble} peer={peer} name={name} />}
      {unblock && (
        <Button
          className={classes.unblock ?? ''}
          leftSection={<IconVolume aria-hidden />}
          onClick={hears}
        >
          {t('tapToHear', { name })}
        </Button>
      )}
    </div>
  );
}

function Cover({
  trouble,
  peer,
  name,
}: {
  trouble: 'away' | 'mending';
  peer: PeerState;
  name: string;
}) {
  const t = useTranslations('visits/call.status');
  const seconds = useSecondsUntil(trouble === 'away' ? (peer.away?.until ?? null) : null);
  return (
    <div className={classes.trouble}>
      <span className={classes.pulse} aria-hidden />
      <p>{t(trouble === 'away' ? 'peerAway' : 'mending', { name })}</p>
      {seconds !== null && <p className={classes.count}>{t('peerAwayLeft', { seconds })}</p>}
      {trouble === 'away' && <p className={classes.small}>{t('peerAwayHint')}</p>}
    </div>
  );
}
