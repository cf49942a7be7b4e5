import { ActionIcon } from '@mantine/core';
import { IconArrowsDiagonal, IconArrowsDiagonalMinimize2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ChartSummary, Visit } from '@/features/chart/queries';
import { CallRoom } from '@/features/visits/call/CallRoom';
import { joinVisit } from '@/features/visits/call/join';
import classes from './Encounter.module.css';

interface VideoPaneProps {
  visit: Visit;
  patient: ChartSummary['patient'] | undefined;
}

/** The call beside the note. Leaving it, or losing it, leaves the visit as it is. */
export function VideoPane({ visit, patient }: VideoPaneProps) {
  const t = useTranslations('chart.encounter');
  const [small, setSmall] = useState(false);
  return (
    <div className={classes.video} data-small={small}>
      <CallRoom
        visitId={visit.id}
        join={() => joinVisit(visit.id)}
        onLeft={() => undefined}
        nameOf={(role) => (role === 'patient' ? (patient?.given ?? null) : null)}
        awaited="patient"
        variant="pane"
      />
      <ActionIcon
        className={classes.videoSize}
        variant="white"
        size="sm"
        aria-label={small ? t('showVideo') : t('hideVideo')}
        onClick={() => setSmall(!small)}
      >
        {small ? (
          <IconArrowsDiagonal size={14} aria-hidden />
        ) : (
          <IconArrowsDiagonalMinimize2 size={14} aria-hidden />
        )}
      </ActionIcon>
    </div>
  );
}
