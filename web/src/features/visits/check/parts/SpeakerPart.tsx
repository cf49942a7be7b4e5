import { Button } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from '../Check.module.css';
import type { Check } from '../useCheck';
import { type How, Part } from './Part';

const HOW: Record<Check['speaker'], How> = {
  unplayed: 'ask',
  asked: 'ask',
  heard: 'ok',
  not_heard: 'bad',
};

/** A sound, and one tap to say whether it was heard. */
export function SpeakerPart({ check: { speaker, play, hear } }: { check: Check }) {
  const t = useTranslations('visits/check.speaker');
  return (
    <Part
      icon={<IconVolume aria-hidden />}
      name={t('name')}
      how={HOW[speaker]}
      says={t(`says.${speaker}`)}
    >
      {speaker === 'unplayed' && (
        <div className={classes.buttons}>
          <Button onClick={play}>{t('play')}</Button>
        </div>
      )}
      {speaker === 'asked' && (
        <div className={classes.buttons}>
          <Button onClick={() => hear(true)}>{t('yes')}</Button>
          <Button variant="default" onClick={() => hear(false)}>
            {t('no')}
          </Button>
          <Button variant="subtle" onClick={play}>
            {t('replay')}
          </Button>
        </div>
      )}
      {speaker === 'not_heard' && (
        <>
          <p className={classes.help}>{t('help')}</p>
          <div className={classes.buttons}>
            <Button onClick={play}>{t('replay')}</Button>
          </div>
        </>
      )}
    </Part>
  );
}
