import { type Answers, enabled, type Item, type Questionnaire } from './rules/questionnaire';
import type { Triage } from './rules/redFlags';

/** The parts of the thread that the patient sees; each has one or more steps. */
export const SECTIONS = ['you', 'questions', 'health', 'consent', 'review'] as const;
export type Section = (typeof SECTIONS)[number];

/** One screen. `prefixes` are the paths of the fields that it shows. */
export interface Step {
  id: string;
  section: Section;
  prefixes: string[];
  /** For a step that asks a group of the questionnaire. */
  group?: Item;
}

const GROUP = 'q:';

/** The screens for these answers, in order. */
export function stepsOf(questionnaire: Questionnaire, answers: Answers, triage: Triage): Step[] {
  const asked = new Set(enabled(questionnaire, answers));
  const groups = questionnaire.items.filter(
    (item) => asked.has(item) && item.children.some((child) => asked.has(child) && !child.hidden),
  );
  return [
    { id: 'identity', section: 'you', prefixes: ['identity.'] },
    { id: 'location', section: 'you', prefixes: ['location.'] },
    { id: 'contact', section: 'you', prefixes: ['contact.'] },
    ...groups.map((group) => ({
      id: GROUP + group.linkId,
      section: 'questions' as const,
      prefixes: group.children.map((child) => `answers.${child.linkId}`),
      group,
    })),
    ...(triage.asks.length > 0
      ? [{ id: 'ask', section: 'questions' as const, prefixes: ['answers.ask.'] }]
      : []),
    { id: 'allergies', section: 'health', prefixes: ['allergies.', 'no_allergies'] },
    { id: 'medicines', section: 'health', prefixes: ['medicines.', 'no_medicines'] },
    { id: 'pharmacy', section: 'health', prefixes: ['pharmacy.'] },
    { id: 'consent', section: 'consent', prefixes: ['consent.'] },
    { id: 'review', section: 'review', prefixes: [] },
  ];
}

/** Whether a field is on this screen. Prefixes without a closing dot name one field. */
export function shows(step: Step, path: string): boolean {
  return step.prefixes.some((prefix) =>
    prefix.endsWith('.') ? path.startsWith(prefix) : path === prefix,
  );
}

/** The place of a step by its id; a step that is not asked any more leads to the first one. */
export function placeOf(steps: readonly Step[], id: string): number {
  return Math.max(
    0,
    steps.findIndex((step) => step.id === id),
  );
}
