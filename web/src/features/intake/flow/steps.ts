import { type Answers, enabled, type Item, type Questionnaire } from '../rules/questionnaire';
import { askPath, type Rule, type Triage } from '../rules/redFlags';

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
  /** For a step that asks what the patient's own words call for. */
  asks?: Rule[];
}

const GROUP = 'q:';
const ASK = 'ask:';

/** The screens for these answers, in order. `child`: whether an adult is to be named. */
export function stepsOf(
  questionnaire: Questionnaire,
  answers: Answers,
  triage: Triage,
  child = false,
): Step[] {
  const asked = new Set(enabled(questionnaire, answers));
  const groups = questionnaire.items.filter(
    (item) => asked.has(item) && item.children.some((child) => asked.has(child) && !child.hidden),
  );
  return [
    { id: 'identity', section: 'you', prefixes: ['identity.'] },
    ...(child ? [{ id: 'adult', section: 'you' as const, prefixes: ['adult.'] }] : []),
    { id: 'location', section: 'you', prefixes: ['location.'] },
    { id: 'contact', section: 'you', prefixes: ['contact.'] },
    ...groups.flatMap((group) => [
      {
        id: GROUP + group.linkId,
        section: 'questions' as const,
        prefixes: group.children.map((child) => `answers.${child.linkId}`),
        group,
      },
      ...asksAfter(group, triage),
    ]),
    { id: 'allergies', section: 'health', prefixes: ['allergies.', 'no_allergies'] },
    { id: 'medicines', section: 'health', prefixes: ['medicines.', 'no_medicines'] },
    { id: 'pharmacy', section: 'health', prefixes: ['pharmacy.'] },
    { id: 'consent', section: 'consent', prefixes: ['consent.'] },
    { id: 'review', section: 'review', prefixes: [] },
  ];
}

/** The questions that words in a group call for come right after it: an emergency does not wait for the rest. */
function asksAfter(group: Item, { asks, spokenOf }: Triage): Step[] {
  const here = new Set(group.children.map((child) => child.linkId));
  const called = asks.filter((rule) => here.has(spokenOf.get(rule.id) ?? ''));
  if (called.length === 0) return [];
  const prefixes = called.map((rule) => `answers.${askPath(rule)}`);
  return [{ id: ASK + group.linkId, section: 'questions', prefixes, asks: called }];
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
