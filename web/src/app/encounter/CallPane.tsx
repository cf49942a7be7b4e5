import { lazy, type PointerEvent, type ReactNode, Suspense, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ChartSummary, Visit } from '@/features/chart/queries';
import { CallRoom } from '@/features/visits/call/CallRoom';
import { joinVisit } from '@/features/visits/call/join';
import { SignInFirst } from '@/features/visits/call/SignInFirst';
import type { Names } from '@/features/visits/people/people';
import classes from './CallPane.module.css';
import { Separator } from './Separator';

/** The video goes on without it. */
const PhonePanel = lazy(() =>
  import('@/features/visits/phone/PhonePanel').catch(() => ({ default: () => null })),
);

interface CallPaneProps {
  visit: Visit;
  patient: ChartSummary['patient'];
  /** What guests are called. */
  names: Names;
}

/** The call with the patient, by video or by telephone, above the chart. */
export function CallPane({ visit, patient, names }: CallPaneProps) {
  const [over, setOver] = useState(false);
  const [onPhone, setOnPhone] = useState(false);
  if (visit.status !== 'admitted') return null;
  const name = patient.name;
  return (
    <>
      <Suspense>
        <PhonePanel visitId={visit.id} onTalking={setOnPhone} />
      </Suspense>
      {!over && !onPhone && (
        <Tall>
          <CallRoom
            visitId={visit.id}
            join={() => joinVisit(visit.id)}
            onLeft={(ending) => setOver(ending === 'visit_over' || ending === 'removed')}
            nameOf={(role, id = '') => names[id] ?? (role === 'patient' ? name : null)}
            awaited="patient"
            variant="pane"
            beforeJoin={() => <SignInFirst visit={visit} short />}
          />
        </Tall>
      )}
    </>
  );
}

const RANGE = { least: 12, most: 44, step: 2 };
const USUAL = 24;
/** On a low screen the call leaves more than half of its height to what is written meanwhile. */
const SHARE = 0.38;
const STACKED = '(max-width: 61.99em)';

function usual(): number {
  if (window.matchMedia(STACKED).matches) return USUAL;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.max(RANGE.least, Math.min(USUAL, (window.innerHeight * SHARE) / rem));
}

/** The height in rem; kept while the app is open, as people set it once. */
let remembered: number | undefined;

/** Its children in a height that is dragged, or moved by the arrow keys, at the lower edge. */
function Tall({ children }: { children: ReactNode }) {
  const t = useTranslations('visits/staff.pane');
  const root = useRef<HTMLElement>(null);
  const [height, setHeight] = useState(() => remembered ?? usual());
  const resize = (rem: number) => {
    remembered = rem;
    setHeight(rem);
  };
  const valueAt = ({ clientY }: PointerEvent) => {
    if (window.matchMedia(STACKED).matches) return USUAL;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const top = root.current?.getBoundingClientRect().top;
    return top === undefined ? height : (clientY - top) / rem;
  };
  return (
    <section
      ref={root}
      className={classes.pane}
      aria-label={t('label')}
      style={{ '--height': `${height}rem` } as React.CSSProperties}
    >
      <div className={classes.call}>{children}</div>
      <Separator
        className={classes.handle}
        label={t('resize')}
        orientation="horizontal"
        value={height}
        range={RANGE}
        valueAt={valueAt}
        onMove={resize}
      />
    </section>
  );
}
