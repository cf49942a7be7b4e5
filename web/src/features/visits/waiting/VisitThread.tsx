import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { type Knot, Thread } from '@/ui/page/Thread';
import type { Visit } from '../model';

/** Where the patient is in the visit, and what comes after waiting. */
export function VisitThread({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.steps');
  const times = useTimes();
  const knots: Knot[] = [
    {
      id: 'intake',
      state: 'done',
      title: t('answered'),
      detail: visit.intake_done_at && times.time(visit.intake_done_at),
    },
    { id: 'waiting', state: 'now', title: t('waiting'), detail: t('waitingDetail') },
    { id: 'call', state: 'next', title: t('call'), detail: t('callDetail') },
    { id: 'summary', state: 'next', title: t('summary'), detail: t('summaryDetail') },
  ];
  return <Thread knots={knots} label={t('label')} />;
}
