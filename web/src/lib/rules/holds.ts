import type { components } from '@/lib/api/schema';

/*
 * Rules as data on the web: the server's conditions (`platform/core/rules/conditions.py`) over facts;
 * `tests/core/rules/vectors.json` holds both to one table of cases. Only the server explains.
 */
export type Condition = components['schemas']['RedFlagRule']['when'];

/** What is known, by name. */
export type Facts = Readonly<Record<string, boolean | number | string | readonly string[]>>;

/** Whether a condition holds. One that a newer release knows does not hold here: the server decides. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.op) {
    case 'any':
      return condition.of.some((part) => holds(part, facts));
    case 'all':
      return condition.of.every((part) => holds(part, facts));
    case 'one_of':
      return [facts[condition.fact] ?? []]
        .flat()
        .some((each) => typeof each === 'string' && condition.values.includes(each));
    case 'is':
      return facts[condition.fact] === condition.value;
    case 'at_least':
    case 'at_most': {
      const value = facts[condition.fact];
      if (typeof value !== 'number') return false;
      return condition.op === 'at_least' ? value >= condition.value : value <= condition.value;
    }
    default:
      return false;
  }
}
