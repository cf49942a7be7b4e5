import { useTranslations } from 'use-intl';
import type { Task } from '../queries';

/**
 * What a task is called: as its writer put it, or in the reader's language when the system made it. The number in a
 * title of the system's is the only thing in it that differs between two tasks.
 */
export function useTaskTitle(): (task: Task) => string {
  const t = useTranslations('followup.made');
  return ({ source, title }) =>
    t.has(source) ? t(source, { number: Number(/\d+/.exec(title)?.[0] ?? 0) }) : title;
}
