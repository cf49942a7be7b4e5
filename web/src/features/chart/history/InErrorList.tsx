import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useTimes } from '@/lib/time/useTimes';
import { QueryState } from '@/ui/states/QueryState';
import { UnsentOfRecord } from '../outbox/UnsentInChart';
import { Part } from '../summary/Part';
import summary from '../summary/Summary.module.css';
import { HistoryButton } from './HistoryButton';
import { Newest } from './Newest';
import { inErrorQuery, type TakenBack } from './queries';
import { useInError } from './useInError';

interface InErrorListProps {
  patientId: string;
  editable: boolean;
}

/** What was entered in error, of every kind: it stays to be read, and can be made right again. */
export function InErrorList({ patientId, editable }: InErrorListProps) {
  const t = useTranslations('chart.history');
  const query = useQuery(inErrorQuery(patientId));
  return (
    <QueryState of={query}>
      {({ items, more }) => (
        <Part title={t('inErrorTitle')} none={t('noneInError')}>
          {[
            ...items.map((each) => (
              <Line key={each.id} of={each} patientId={patientId} editable={editable} />
            )),
            ...(more ? [<Newest key="newest" count={items.length} />] : []),
          ]}
        </Part>
      )}
    </QueryState>
  );
}

function Line({ of, patientId, editable }: InErrorListProps & { of: TakenBack }) {
  const t = useTranslations('chart.history');
  const locale = useCurrentLocale();
  const times = useTimes();
  const { undo, undoing } = useInError(patientId);
  const kind = of.kind[locale];
  const name = of.name ?? kind;
  return (
    <li className={summary.item}>
      <span className={summary.words}>
        <span className={summary.name}>{name}</span>
        <span className={summary.below}>
          {[kind !== name && kind, times.date(of.at), of.author, of.reason]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <UnsentOfRecord recordId={of.id} onEdit={null} />
      </span>
      <HistoryButton recordId={of.id} patientId={patientId} name={name} />
      {editable && (
        <Button
          variant="default"
          size="compact-sm"
          loading={undoing}
          aria-label={t('undoOf', { name })}
          onClick={() => undo(of.id, name, of.version)}
        >
          {t('undo')}
        </Button>
      )}
    </li>
  );
}
