import { lazy } from 'react';
import { useTranslations } from 'use-intl';
import { PanelButton } from './PanelButton';

const HistoryPanel = lazy(() => import('./HistoryPanel'));

interface HistoryButtonProps {
  recordId: string;
  patientId: string;
  name: string;
}

/** Stands beside every entry of the chart: one press shows what became of it. */
export function HistoryButton(props: HistoryButtonProps) {
  const t = useTranslations('chart.history');
  return (
    <PanelButton
      label={t('open', { name: props.name })}
      title={t('short')}
      panel={(onClose) => <HistoryPanel {...props} onClose={onClose} />}
    />
  );
}
