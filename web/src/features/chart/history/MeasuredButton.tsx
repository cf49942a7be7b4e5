import { ActionIcon } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MeasuredPanelProps } from './MeasuredPanel';

const MeasuredPanel = lazy(() => import('./MeasuredPanel'));

/** Stands beside a measurement: one press lists all of its values, each with its history. */
export function MeasuredButton(props: Omit<MeasuredPanelProps, 'onClose'>) {
  const t = useTranslations('chart.history');
  const [opened, setOpened] = useState(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('openValues', { name: props.name })}
        title={t('values')}
        onClick={() => setOpened(true)}
      >
        <IconHistory size={16} aria-hidden />
      </ActionIcon>
      {opened && (
        <Suspense>
          <MeasuredPanel {...props} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
