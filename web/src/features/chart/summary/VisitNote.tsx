import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { SignedNote } from '../note/SignedNote';
import { noteQuery } from '../queries';

/** The note of an earlier visit, over whatever one was doing. */
export function VisitNote({ visitId, onClose }: { visitId: string; onClose: () => void }) {
  const t = useTranslations('chart.summary');
  const actions = useTranslations('actions');
  const note = useQuery(noteQuery(visitId));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('visitNote')}
      size="lg"
      closeButtonProps={{ 'aria-label': actions('close') }}
    >
      <UnlessLocked of={note}>
        <QueryState of={note}>{(found) => <SignedNote note={found} mayAdd={false} />}</QueryState>
      </UnlessLocked>
    </Modal>
  );
}
