import { ActionIcon } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';

const HistoryPanel = lazy(() => import('./HistoryPanel'));

interface HistoryButtonProps {
  recordId: string;
  patientId: string;
  name: string;
}

/** Stands beside every entry of the chart: one press shows what became of it. */
export function HistoryButton({ name, ...of }: HistoryButtonProps) {
  const t = useTranslations('chart.history');
  const [opened, setOpened] = useState(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('open', { name })}
        title={t('short')}
        onClick={() => setOpened(true)}
      >
        <IconHistory size={16} aria-hidden />
      </ActionIcon>
      {opened && (
        <Suspense>
          <HistoryPanel {...of} name={name} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
