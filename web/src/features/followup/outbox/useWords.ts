import { useTranslations } from 'use-intl';
import { useDueDays } from '../forms/useDueDays';
import type { NewTaskLetter, TaskLetter } from './kinds';

/** What a letter does, and what was written with it, in the words of the buttons that did it. */
export function useWords() {
  const t = useTranslations('followup');
  const { dayOf } = useDueDays();
  return (letter: TaskLetter | NewTaskLetter): { does: string; text: string } => {
    if (letter.kind === 'new_task')
      return { does: t('new.title'), text: [letter.task.title, letter.task.detail].join('\n') };
    switch (letter.deed) {
      case 'complete':
      case 'cancel':
        return { does: t(letter.deed), text: letter.outcome };
      case 'reopen':
        return { does: t('reopen'), text: '' };
      case 'assign':
        return {
          does: letter.assigneeId
            ? t('history.assigned', { name: letter.assigneeName ?? '' })
            : t('history.unassigned'),
          text: '',
        };
      case 'putOff':
        return { does: t('moveTo', dayOf(letter.dueAt)), text: '' };
      case 'outreach': {
        const { channel, outcome, note } = letter.attempt;
        const said = { channel: t(`channel.${channel}`), outcome: t(`outcome.${outcome}`) };
        return { does: t('history.tried', said), text: note ?? '' };
      }
    }
  };
}
