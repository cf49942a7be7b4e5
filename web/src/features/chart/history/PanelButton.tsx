import { ActionIcon } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type ReactNode, Suspense, useState } from 'react';

interface PanelButtonProps {
  label: string;
  title: string;
  /** What opens; it comes by itself once somebody asks for it. */
  panel: (onClose: () => void) => ReactNode;
}

/** Stands beside an entry of the chart and opens what became of it. */
export function PanelButton({ label, title, panel }: PanelButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        title={title}
        onClick={() => setOpened(true)}
      >
        <IconHistory size={16} aria-hidden />
      </ActionIcon>
      {opened && <Suspense>{panel(() => setOpened(false))}</Suspense>}
    </>
  );
}
