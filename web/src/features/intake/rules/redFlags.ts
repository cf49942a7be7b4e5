import {
  type Answer,
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
export interface When {
  any?: When[];
  all?: When[];
  item?: string;
  fact?: 'years' | 'months' | 'days';
  in?: string[];
  is?: boolean;
  at_least?: number;
  at_most?: number;
}

export interface Rule {
  id: string;
  level: 'emergency' | 'urgent';
  line: 'emergency' | 'crisis' | 'poison' | 'violence' | 'assault';
  title: Text;
  advice: Text;
  when: When;
  ask?: Text | null;
  keywords?: readonly string[];
}

export interface Triage {
  flags: Rule[];
  /** Rules whose question the free text calls for. */
  asks: Rule[];
}

/** Where the answer to a rule's question is kept. */
export const askPath = (rule: Rule): string => `ask.${rule.id}`;

export function triage(
  rules: readonly Rule[],
  questionnaire: Questionnaire,
  answers: Answers,
  facts: Facts,
): Triage {
  const counted = values(questionnaire, answers);
  const typed = enabled(questionnaire, answers)
    .filter((item) => item.type === 'string' || item.type === 'text')
    .map((item) => answers[item.linkId])
    .filter((answer) => !isBlank(answer))
    .map(String);
  const flags: Rule[] = [];
  const asks: Rule[] = [];
  for (const rule of rules) {
    const byAnswers = holds(rule.when, counted, facts);
    const asked = !byAnswers && Boolean(rule.ask) && mentions(rule.keywords ?? [], typed);
    if (asked) asks.push(rule);
    if (byAnswers || (asked && answers[askPath(rule)] === true)) flags.push(rule);
  }
  return { flags, asks };
}

/** Whether a text has one of the keywords at the start of a word, whatever its case and accents. */
function mentions(keywords: readonly string[], texts: readonly string[]): boolean {
  const haystack = texts.map(normalise).join(' ');
  return keywords.some((keyword) => haystack.includes(normalise(keyword)));
}

/** Lower case without accents; everything but letters and digits is one space; a space in front. */
function normalise(text: string): string {
  const plain = text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
  return ` ${plain.replaceAll(/[^a-z0-9]+/g, ' ').trim()}`;
}

/** The answers without those to questions that are not asked: only these leave the device. */
export function askedOnly(
  rules: readonly Rule[],
  questionnaire: Questionnaire,
  answers: Answers,
  facts: Facts,
): Answers {
  const { asks } = triage(rules, questionnaire, answers, facts);
  const asked = new Set([
    ...enabled(questionnaire, answers).map((item) => item.linkId),
    ...asks.map(askPath),
  ]);
  return Object.fromEntries(Object.entries(answers).filter(([linkId]) => asked.has(linkId)));
}

function holds(when: When, answers: Readonly<Record<string, Answer>>, facts: Facts): boolean {
  if (when.any) return when.any.some((part) => holds(part, answers, facts));
  if (when.all) return when.all.every((part) => holds(part, answers, facts));
  const value = when.fact ? facts[when.fact] : answers[when.item ?? ''];
  if (value === undefined || value === null) return false;
  if (when.in) {
    const given = Array.isArray(value) ? value : [value];
    return given.some((each) => typeof each === 'string' && when.in?.includes(each));
  }
  if (when.is !== undefined) return value === when.is;
  if (typeof value !== 'number') return false;
  return when.at_least === undefined ? value <= (when.at_most ?? 0) : value >= when.at_least;
}
