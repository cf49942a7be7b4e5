import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Check.module.css';
import { Outcome } from './Outcome';
import { CameraPart } from './parts/CameraPart';
import { MicrophonePart } from './parts/MicrophonePart';
import { NetworkPart } from './parts/NetworkPart';
import { SpeakerPart } from './parts/SpeakerPart';
import { useCheck } from './useCheck';
import { useKept } from './useKept';

/** What is tried, what came of each part, and what to expect of the call. */
export function CheckParts({ visitId, children }: { visitId: string; children: ReactNode }) {
  const t = useTranslations('visits/check');
  const check = useCheck(visitId);
  const kept = useKept(visitId, check.facts);
  return (
    <>
      <Outcome check={check} kept={kept} />
      <div className={classes.parts}>
        <SpeakerPart check={check} />
        <CameraPart check={check} />
        <MicrophonePart check={check} />
        <NetworkPart check={check} />
      </div>
      <div className={classes.buttons}>
        <Button
          variant="default"
          leftSection={<IconRefresh size={20} aria-hidden />}
          disabled={!check.facts}
          onClick={check.again}
        >
          {t('again')}
        </Button>
        {children}
      </div>
    </>
  );
}
