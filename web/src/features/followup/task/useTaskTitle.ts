import { useTranslations } from 'use-intl';
import type { Task } from '../queries';

/** What a task is called: as its writer put it, or in the reader's language when the system made it. */
export function useTaskTitle(): (task: Task) => string {
  const t = useTranslations('followup.made');
  return ({ source, title }) => (t.has(source) ? t(source) : title);
}
