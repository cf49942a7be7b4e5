import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { UnsentOfRecord } from '../outbox/UnsentInChart';
import { Part } from '../summary/Part';
import summary from '../summary/Summary.module.css';
import { shownText, unitName } from '../units';
import { HistoryButton } from './HistoryButton';
import { Newest } from './Newest';
import { type Measured, measuredQuery } from './queries';
import { TakeBack } from './TakeBack';

export interface MeasuredPanelProps {
  patientId: string;
  name: string;
  /** The LOINC codes that are read together, each with its own name: the two of a blood pressure. */
  codes: readonly { code: string; name: string; unit: string | null }[];
  editable: boolean;
  onClose: () => void;
}

/** Every value of a measurement, newest first; a wrong one is taken back here. */
export default function MeasuredPanel(props: MeasuredPanelProps) {
  const t = useTranslations('chart.history');
  const actions = useTranslations('actions');
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('valuesOf', { name: props.name })}
      size="lg"
      closeButtonProps={{ 'aria-label': actions('close') }}
    >
      <div className={summary.summary}>
        {props.codes.map((each) => (
          <Values key={each.code} of={each} {...props} />
        ))}
      </div>
    </Modal>
  );
}

interface ValuesProps extends MeasuredPanelProps {
  of: MeasuredPanelProps['codes'][number];
}

function Values({ of, patientId, editable }: ValuesProps) {
  const t = useTranslations('chart.history');
  const query = useQuery(measuredQuery(patientId, of.code));
  return (
    <UnlessLocked of={query}>
      <QueryState of={query}>
        {({ items, more }) => (
          <Part title={of.name} none={t('noValues')}>
            {[
              ...items.map((each) => (
                <Value
                  key={each.id}
                  value={each}
                  of={of}
                  patientId={patientId}
                  editable={editable}
                />
              )),
              ...(more ? [<Newest key="newest" count={items.length} />] : []),
            ]}
          </Part>
        )}
      </QueryState>
    </UnlessLocked>
  );
}

interface ValueProps extends Pick<ValuesProps, 'of' | 'patientId' | 'editable'> {
  value: Measured;
}

function Value({ value, of, patientId, editable }: ValueProps) {
  const t = useTranslations('chart.history');
  const chart = useTranslations('chart.summary');
  const times = useTimes();
  const [wrong, setWrong] = useState(false);
  const unit = of.unit ?? value.unit;
  const read = `${shownText(value, unit)} ${unitName(unit)}`.trim();
  const when = value.at && times.dateTime(value.at);
  const name = [of.name, read, when].filter(Boolean).join(', ');
  return (
    <li className={summary.item}>
      <span className={summary.words}>
        <span className={summary.name}>{read}</span>
        <span className={summary.below}>
          {[when, value.source === 'patient' && chart('patientReported')]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <UnsentOfRecord recordId={value.id} onEdit={wrong ? null : () => setWrong(true)} />
        {wrong && (
          <TakeBack
            id={value.id}
            version={value.version}
            name={name}
            patientId={patientId}
            close={() => setWrong(false)}
          />
        )}
      </span>
      <HistoryButton recordId={value.id} patientId={patientId} name={name} />
      {editable && !wrong && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('inErrorOf', { name })}
          onClick={() => setWrong(true)}
        >
          {chart('inError')}
        </Button>
      )}
    </li>
  );
}
