import { lazy } from 'react';
import { useTranslations } from 'use-intl';
import type { MeasuredPanelProps } from './MeasuredPanel';
import { PanelButton } from './PanelButton';

const MeasuredPanel = lazy(() => import('./MeasuredPanel'));

/** Stands beside a measurement: one press lists all of its values, each with its history. */
export function MeasuredButton(props: Omit<MeasuredPanelProps, 'onClose'>) {
  const t = useTranslations('chart.history');
  return (
    <PanelButton
      label={t('openValues', { name: props.name })}
      title={t('values')}
      panel={(onClose) => <MeasuredPanel {...props} onClose={onClose} />}
    />
  );
}
