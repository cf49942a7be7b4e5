import { Link, useNavigate } from '@tanstack/react-router';
import { useUnsent } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { UnsentItem, UnsentList } from '@/ui/unsent/UnsentList';
import { formOf, putBack, putBackNew, type WrittenForm } from './editing';
import { isTaskLetter, type NewTaskLetter, type TaskLetter } from './kinds';
import { useWords } from './useWords';

interface UnsentOfTaskProps {
  taskId: string;
  /** Opens the form in which it was written; without it a form is open. */
  onEdit: ((form: WrittenForm) => void) | null;
}

/** What was done to a task and has not reached the clinic. */
export function UnsentOfTask({ taskId, onEdit }: UnsentOfTaskProps) {
  const words = useWords();
  const entries = useUnsent().filter(
    (entry): entry is Entry<TaskLetter> =>
      isTaskLetter(entry.item.letter) && entry.item.letter.taskId === taskId,
  );
  return (
    <UnsentList>
      {entries.map((entry) => {
        const { does, text } = words(entry.item.letter);
        const form = formOf(entry.item.letter);
        const edit = form && onEdit && (() => void putBack(entry.item).then(() => onEdit(form)));
        return (
          <UnsentItem
            key={entry.item.id}
            entry={entry}
            about={does}
            text={text}
            onEdit={edit ?? undefined}
          />
        );
      })}
    </UnsentList>
  );
}

/** The same in a list of everything. It is changed where the task stands. */
export function TaskUnsentRow({ entry }: { entry: Entry<TaskLetter> }) {
  const words = useWords();
  const { letter } = entry.item;
  const { does, text } = words(letter);
  const about = (
    <Link to="/followup/$taskId" params={{ taskId: letter.taskId }}>
      {`${letter.patientName} · ${letter.title}: ${does}`}
    </Link>
  );
  return <UnsentItem entry={entry} about={about} text={text} />;
}

/** A new task that waits. */
export function NewTaskUnsentRow({ entry }: { entry: Entry<NewTaskLetter> }) {
  const navigate = useNavigate();
  const { does, text } = useWords()(entry.item.letter);
  const { patientName, task } = entry.item.letter;
  const edit = async () => {
    await putBackNew(entry.item);
    await navigate({ to: '/patients/$patientId/task', params: { patientId: task.patient_id } });
  };
  return (
    <UnsentItem
      entry={entry}
      about={`${patientName} · ${does}`}
      text={text}
      onEdit={() => void edit()}
    />
  );
}
