import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { drafts } from '@/lib/drafts/drafts';
import { outbox, useUnsent } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { UnsentItem, UnsentList } from '@/ui/unsent/UnsentList';
import { addendumDraft } from './editing';
import { type AddendumLetter, isAddendum } from './kinds';

interface UnsentAddendaProps {
  noteId: string;
  /** Puts the text back into the field, above what was begun there meanwhile, and gives what stands there then. */
  onEdit: (text: string) => string;
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
        const edit = async () => {
          const values = { text: onEdit(letter.text) };
          if (await drafts.keep(addendumDraft(noteId), { values })) await outbox.discard(id);
        };
        return (
          <UnsentItem
            key={id}
            entry={entry}
            about={t('addendum')}
            text={letter.text}
            onEdit={() => void edit()}
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
