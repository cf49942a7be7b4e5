import { NativeSelect } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import type { Note } from '../queries';

type Category = NonNullable<Note['sensitive']>;
const CATEGORIES = [
  'mental_health',
  'sexual_health',
  'substance_use',
] as const satisfies readonly Category[];

/** Whether the note is sensitive; its author chooses, everybody else who may read it sees a mark. */
export function Sensitivity({ note }: { note: Note }) {
  return note.mine ? <Choice note={note} /> : <SensitiveMark of={note.sensitive} />;
}

function Choice({ note }: { note: Note }) {
  const t = useTranslations('chart.sensitive');
  const mark = useAction({
    run: (category: Category | null, init) =>
      take(
        api.PUT('/api/notes/{note_id}/sensitivity', {
          params: { path: { note_id: note.id } },
          body: { category },
          ...init,
        }),
      ),
    invalidates: [['visit', note.visit_id, 'note']],
  });
  return (
    <>
      <NativeSelect
        label={t('label')}
        description={t(note.sensitive ? 'closed' : 'open')}
        leftSection={note.sensitive && <IconLock size={16} aria-hidden />}
        disabled={mark.isPending}
        value={note.sensitive ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          mark.mutate(CATEGORIES.find((each) => each === chosen) ?? null);
        }}
        data={[
          { value: '', label: t('none') },
          ...CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) })),
        ]}
      />
      <FormProblem of={mark.error} />
    </>
  );
}

function SensitiveMark({ of }: { of: Note['sensitive'] }) {
  const t = useTranslations('chart.sensitive');
  if (!of) return null;
  return (
    <StatusBadge tone="attention">
      <IconLock size={13} aria-hidden /> {t('label')}: {t(`category.${of}`)}
    </StatusBadge>
  );
}
