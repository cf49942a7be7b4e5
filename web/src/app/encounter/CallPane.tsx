import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ChartSummary, Visit } from '@/features/chart/queries';
import { CallRoom } from '@/features/visits/call/CallRoom';
import { joinVisit } from '@/features/visits/call/join';
import classes from './CallPane.module.css';

/** The call with the patient, above the chart. */
export function CallPane({
  visit,
  patient,
}: {
  visit: Visit;
  patient: ChartSummary['patient'] | undefined;
}) {
  const [over, setOver] = useState(false);
  if (visit.status !== 'admitted' || over) return null;
  const name = patient ? `${patient.given} ${patient.family}` : null;
  return (
    <Tall>
      <CallRoom
        visitId={visit.id}
        join={() => joinVisit(visit.id)}
        onLeft={(ending) => setOver(ending === 'visit_over' || ending === 'removed')}
        nameOf={(role) => (role === 'patient' ? name : null)}
        awaited="patient"
        variant="pane"
      />
    </Tall>
  );
}

const [LEAST, MOST, STEP, USUAL] = [12, 44, 2, 24];

/** The height in rem; kept while the app is open, as people set it once. */
let remembered = USUAL;

/** Its children in a height that is dragged, or moved by the arrow keys, at the lower edge. */
function Tall({ children }: { children: ReactNode }) {
  const t = useTranslations('visits.call.pane');
  const root = useRef<HTMLElement>(null);
  const [height, setHeight] = useState(remembered);
  const resize = (rem: number) => {
    remembered = Math.min(MOST, Math.max(LEAST, rem));
    setHeight(remembered);
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    const box = root.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    resize((event.clientY - box.top) / rem);
  };
  const key = (event: KeyboardEvent) => {
    const next = { ArrowUp: height - STEP, ArrowDown: height + STEP, Home: LEAST, End: MOST }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    resize(next);
  };
  return (
    <section
      ref={root}
      className={classes.pane}
      aria-label={t('label')}
      style={{ '--height': `${height}rem` } as React.CSSProperties}
    >
      <div className={classes.call}>{children}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved is a widget; <hr> is none */}
      <div
        className={classes.handle}
        role="separator"
        tabIndex={0}
        aria-label={t('resize')}
        aria-orientation="horizontal"
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        aria-valuenow={Math.round(height)}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={key}
      />
    </section>
  );
}
