import { Link } from '@tanstack/react-router';
import { useUnsent } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { UnsentItem, UnsentList } from '@/ui/unsent/UnsentList';
import { draftOf, putBack } from './editing';
import { type ChartLetter, isChartLetter } from './kinds';
import { useWords } from './useWords';

const isChart = (entry: Entry): entry is Entry<ChartLetter> => isChartLetter(entry.item.letter);

interface UnsentProps {
  /** Opens the form in which it was written; without it a form is open. */
  onEdit: ((form: 'add' | 'change' | 'mistake') => void) | null;
}

interface UnsentOfPartProps extends UnsentProps {
  patientId: string;
  /** The part of the chart: `allergies`, or the type of a section. */
  part: string;
}

/** What was added to a part of the chart and has not reached the clinic. */
export function UnsentOfPart({ patientId, part, onEdit }: UnsentOfPartProps) {
  const entries = useUnsent()
    .filter(isChart)
    .filter(({ item: { letter } }) => letter.deed === 'add' && letter.patientId === patientId)
    .filter(({ item: { letter } }) => partOf(letter) === part);
  return <Lines entries={entries} onEdit={onEdit} />;
}

/** What was done to an entry of the chart and has not reached the clinic. */
export function UnsentOfRecord({ recordId, onEdit }: UnsentProps & { recordId: string }) {
  const entries = useUnsent()
    .filter(isChart)
    .filter(({ item: { letter } }) => letter.deed !== 'add' && letter.recordId === recordId);
  return <Lines entries={entries} onEdit={onEdit} />;
}

const partOf = (letter: ChartLetter): string | null =>
  letter.deed !== 'add'
    ? null
    : letter.what.part === 'section'
      ? letter.what.type
      : letter.what.part;

const FORMS = { add: 'add', change: 'change', inError: 'mistake' } as const;

function Lines({ entries, onEdit }: UnsentProps & { entries: readonly Entry<ChartLetter>[] }) {
  const words = useWords();
  return (
    <UnsentList>
      {entries.map((entry) => {
        const { letter } = entry.item;
        const { does, text } = words(letter);
        const form = letter.deed !== 'right' && draftOf(letter) && FORMS[letter.deed];
        const edit =
          form && onEdit ? () => void putBack(entry.item).then(() => onEdit(form)) : undefined;
        return (
          <UnsentItem key={entry.item.id} entry={entry} about={does} text={text} onEdit={edit} />
        );
      })}
    </UnsentList>
  );
}

/** The same in a list of everything. It is changed in the chart, over what stands there. */
export function ChartUnsentRow({ entry }: { entry: Entry<ChartLetter> }) {
  const words = useWords();
  const { letter } = entry.item;
  const { does, text } = words(letter);
  const about = (
    <Link to="/patients/$patientId" params={{ patientId: letter.patientId }}>
      {`${letter.patientName} · ${does}`}
    </Link>
  );
  return <UnsentItem entry={entry} about={about} text={text} />;
}
