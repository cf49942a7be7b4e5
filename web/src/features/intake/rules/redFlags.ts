import type { Mentioned } from '@/lib/redFlags/mentions';
import { type Condition, holds, type Facts as Known } from '@/lib/rules/holds';
import {
  type Answers,
  enabled,
  type Facts,
  isBlank,
  type Questionnaire,
  type Text,
  values,
} from './questionnaire';

/*
 * Red flags on the web: the server's rules (`platform/intake/data/red_flags.json`) over the answers,
 * so that the emergency screen comes up without waiting for the network.
 */
export interface Rule {
  id: string;
  level: 'emergency' | 'urgent';
  line: 'emergency' | 'crisis' | 'poison' | 'violence' | 'assault';
  title: Text;
  advice: Text;
  when: Condition;
  ask: Text;
}

/** The rules, and the words that lead to their questions. */
export interface RedFlags {
  rules: readonly Rule[];
  mentioned: Mentioned;
}

export interface Triage {
  flags: Rule[];
  /** Rules whose question the free text calls for. */
  asks: Rule[];
  /** By a rule's id, the question in whose answer the words are that call for it. */
  spokenOf: ReadonlyMap<string, string>;
}

const NEWBORN_DAYS = 90;

/** Where the answer to a rule's question is kept. */
export const askPath = (rule: Rule): string => `ask.${rule.id}`;

export function triage(
  { rules, mentioned }: RedFlags,
  questionnaire: Questionnaire,
  answers: Answers,
  facts: Facts,
): Triage {
  const known = factsOf(values(questionnaire, answers), facts);
  const spokenOf = new Map<string, string>();
  for (const item of enabled(questionnaire, answers)) {
    const answer = answers[item.linkId];
    if ((item.type !== 'string' && item.type !== 'text') || isBlank(answer)) continue;
    for (const id of mentioned([String(answer)], factsNamed(facts))) {
      if (!spokenOf.has(id)) spokenOf.set(id, item.linkId);
    }
  }
  const flags: Rule[] = [];
  const asks: Rule[] = [];
  for (const rule of rules) {
    const byAnswers = holds(rule.when, known);
    const asked = !byAnswers && spokenOf.has(rule.id);
    if (asked) asks.push(rule);
    if (byAnswers || (asked && answers[askPath(rule)] === true)) flags.push(rule);
  }
  return { flags, asks, spokenOf };
}

/** What the rules look at; see `rule_facts` in `platform/intake/red_flags.py`. */
const factsOf = (counted: Known, { years, months, days }: Facts): Known => ({
  ...counted,
  'age.years': years,
  'age.months': months,
  'age.days': days,
});

/** The facts that a pattern of words can ask for; see `facts_named` in `platform/intake/red_flags.py`. */
const factsNamed = ({ days, years }: Facts): string[] => [
  ...(days < NEWBORN_DAYS ? ['infant'] : []),
  ...(years >= 50 ? ['over_50'] : []),
];

/** The answers without those to questions that are not asked: only these leave the device. */
export function askedOnly(
  redFlags: RedFlags,
  questionnaire: Questionnaire,
  answers: Answers,
  facts: Facts,
): Answers {
  const { asks } = triage(redFlags, questionnaire, answers, facts);
  const asked = new Set([
    ...enabled(questionnaire, answers).map((item) => item.linkId),
    ...asks.map(askPath),
  ]);
  return Object.fromEntries(Object.entries(answers).filter(([linkId]) => asked.has(linkId)));
}
