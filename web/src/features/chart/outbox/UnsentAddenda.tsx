import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { outbox, useUnsent } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { UnsentItem, UnsentList } from '@/ui/unsent/UnsentList';
import { type AddendumLetter, isAddendum } from './kinds';

interface UnsentAddendaProps {
  noteId: string;
  /** Puts the text back into the field. */
  onEdit: (text: string) => void;
}

/** What was added to a note and has not reached the clinic. */
export function UnsentAddenda({ noteId, onEdit }: UnsentAddendaProps) {
  const t = useTranslations('chart.unsent');
  const entries = useUnsent().filter(
    (entry): entry is Entry<AddendumLetter> =>
      isAddendum(entry.item.letter) && entry.item.letter.noteId === noteId,
  );
  return (
    <UnsentList>
      {entries.map((entry) => {
        const { id, letter } = entry.item;
        const edit = () => {
          onEdit(letter.text);
          void outbox.discard(id);
        };
        return (
          <UnsentItem
            key={id}
            entry={entry}
            about={t('addendum')}
            text={letter.text}
            onEdit={edit}
          />
        );
      })}
    </UnsentList>
  );
}

/** An addendum that waits. It is changed where the note stands. */
export function AddendumUnsentRow({ entry }: { entry: Entry<AddendumLetter> }) {
  const t = useTranslations('chart.unsent');
  const { letter } = entry.item;
  const about = (
    <Link to="/encounter/$visitId" params={{ visitId: letter.visitId }}>
      {`${letter.patientName} · ${t('addendum')}`}
    </Link>
  );
  return <UnsentItem entry={entry} about={about} text={letter.text} />;
}
