/*
 * Questionnaires on the web: FHIR R4 `Questionnaire` resources read into items, and the pure rules
 * over answers. The same rules run on the server (`platform/intake/questionnaires`);
 * `tests/intake/vectors.json` holds both to one table of cases.
 */
export type Answer = boolean | number | string | string[];
export type Answers = Readonly<Record<string, Answer>>;
export type Language = 'en' | 'es';
export type Text = Readonly<Record<Language, string>>;

export interface Option {
  code: string;
  text: Text;
  score: number | null;
  exclusive: boolean;
}

interface Condition {
  question: string;
  operator: string;
  value: boolean | number | string;
}

/** What is known of the patient apart from the answers; age in whole years, whole months, days. */
export interface Facts {
  years: number;
  months: number;
  days: number;
  sex: string;
}

/** Whom a question is for: any of these sexes (all, if none is named), and an age between the ends. */
export interface AppliesTo {
  sexes: string[];
  minYears: number | null;
  maxYears: number | null;
  maxDays: number | null;
}

export interface Item {
  linkId: string;
  type: string;
  text: Text;
  required: boolean;
  repeats: boolean;
  hidden: boolean;
  maxLength: number | null;
  minimum: number | null;
  maximum: number | null;
  control: string | null;
  options: Option[];
  conditions: Condition[];
  allConditions: boolean;
  sumOf: string[];
  appliesTo: AppliesTo | null;
  children: Item[];
}

export interface Questionnaire {
  title: Text;
  items: Item[];
}

/** What is wrong with one field: where, the code of the message, and its numbers. */
export interface Fault {
  path: string;
  code: string;
  params?: Record<string, string | number>;
}

/** All items, parents before their children, in the order in which they are asked. */
export function walk(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...walk(item.children)]);
}

/** The questionnaire without the items that do not apply to this patient. */
export function forPerson(questionnaire: Questionnaire, facts: Facts): Questionnaire {
  return { ...questionnaire, items: applying(questionnaire.items, facts) };
}

function applying(items: readonly Item[], facts: Facts): Item[] {
  return items
    .filter((item) => !item.appliesTo || covers(item.appliesTo, facts))
    .map((item) => ({ ...item, children: applying(item.children, facts) }));
}

function covers({ sexes, minYears, maxYears, maxDays }: AppliesTo, facts: Facts): boolean {
  return (
    (sexes.length === 0 || sexes.includes(facts.sex)) &&
    (minYears === null || facts.years >= minYears) &&
    (maxYears === null || facts.years <= maxYears) &&
    (maxDays === null || facts.days <= maxDays)
  );
}

/** The items that are asked given these answers, in order, groups and hidden items included. */
export function enabled(questionnaire: Questionnaire, answers: Answers): Item[] {
  return new Evaluation(questionnaire, answers).enabled();
}

/** What counts: well-formed answers of enabled items, and the sums that can be made. */
export function values(questionnaire: Questionnaire, answers: Answers): Record<string, Answer> {
  const evaluation = new Evaluation(questionnaire, answers);
  const found: Record<string, Answer> = {};
  for (const item of evaluation.enabled()) {
    const value = evaluation.value(item.linkId);
    if (value !== null) found[item.linkId] = value;
  }
  return found;
}

/**
 * What is wrong with the answers, in the order of the questions. Unless `complete`, an unanswered
 * question is no fault. `today` is an ISO date where the patient is.
 */
export function check(
  questionnaire: Questionnaire,
  answers: Answers,
  today: string,
  complete: boolean,
): Fault[] {
  return enabled(questionnaire, answers)
    .filter((item) => item.type !== 'group' && item.type !== 'display' && !item.hidden)
    .map((item) => checkItem(item, answers[item.linkId], today, complete))
    .filter((fault) => fault !== null);
}

export function isBlank(value: unknown): value is undefined | null {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'string' && value.trim() === '')
  );
}

/** Enabled items and values over one set of answers, each worked out once. */
class Evaluation {
  private readonly all: Item[];
  private readonly items: Map<string, Item>;
  private readonly parents = new Map<string, Item>();
  private readonly decided = new Map<string, boolean>();

  constructor(
    questionnaire: Questionnaire,
    private readonly answers: Answers,
  ) {
    this.all = walk(questionnaire.items);
    this.items = new Map(this.all.map((item) => [item.linkId, item]));
    for (const item of this.all) {
      for (const child of item.children) this.parents.set(child.linkId, item);
    }
  }

  enabled(): Item[] {
    return this.all.filter((item) => this.isEnabled(item.linkId));
  }

  value(linkId: string): Answer | null {
    const item = this.items.get(linkId);
    if (!item || !this.isEnabled(linkId)) return null;
    if (item.sumOf.length > 0) return this.sum(item);
    const answer = this.answers[linkId];
    return isBlank(answer) || !wellTyped(item, answer) ? null : answer;
  }

  private isEnabled(linkId: string): boolean {
    const item = this.items.get(linkId);
    if (!item) return false;
    const known = this.decided.get(linkId);
    if (known !== undefined) return known;
    this.decided.set(linkId, false); // A question that waits for itself is never asked.
    const decision = this.decide(item);
    this.decided.set(linkId, decision);
    return decision;
  }

  private decide(item: Item): boolean {
    const parent = this.parents.get(item.linkId);
    if (parent && !this.isEnabled(parent.linkId)) return false;
    if (item.conditions.length === 0) return true;
    const met = (condition: Condition) => this.met(condition);
    return item.allConditions ? item.conditions.every(met) : item.conditions.some(met);
  }

  private met({ question, operator, value: wanted }: Condition): boolean {
    const value = this.value(question);
    if (operator === 'exists') return (value !== null) === wanted;
    if (value === null) return false;
    const given = Array.isArray(value) ? value : [value];
    return given.some((each) => compare(each, operator, wanted));
  }

  private sum(item: Item): number | null {
    const scores = item.sumOf.flatMap((source) => {
      const code = this.value(source);
      const option = this.items.get(source)?.options.find((each) => each.code === code);
      return typeof code === 'string' ? [option?.score ?? 0] : [];
    });
    return scores.length > 0 ? scores.reduce((total, score) => total + score, 0) : null;
  }
}

type Single = boolean | number | string;

function compare(left: Single, operator: string, right: Single): boolean {
  if (typeof left !== typeof right) return operator === '!=';
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

function checkItem(
  item: Item,
  answer: Answer | undefined,
  today: string,
  complete: boolean,
): Fault | null {
  const path = item.linkId;
  if (isBlank(answer)) return item.required && complete ? { path, code: 'required' } : null;
  if (!wellTyped(item, answer)) return { path, code: 'invalid' };
  switch (item.type) {
    case 'choice':
      return checkChoice(item, Array.isArray(answer) ? answer : [String(answer)]);
    case 'integer':
    case 'decimal':
      return checkRange(item, Number(answer));
    case 'date':
      return checkDate(path, String(answer), today);
    default:
      return checkLength(item, answer);
  }
}

function wellTyped(item: Item, answer: Answer): boolean {
  switch (item.type) {
    case 'boolean':
      return typeof answer === 'boolean';
    case 'integer':
      return Number.isInteger(answer);
    case 'decimal':
      return typeof answer === 'number';
    case 'choice':
      return item.repeats ? Array.isArray(answer) : typeof answer === 'string';
    case 'string':
    case 'text':
    case 'date':
      return typeof answer === 'string';
    default:
      return false;
  }
}

function checkChoice(item: Item, codes: string[]): Fault | null {
  const path = item.linkId;
  const options = codes.map((code) => item.options.find((option) => option.code === code));
  if (options.includes(undefined) || new Set(codes).size !== codes.length) {
    return { path, code: 'unknown_option' };
  }
  const alone = options.some((option) => option?.exclusive);
  return alone && options.length > 1 ? { path, code: 'exclusive_option' } : null;
}

function checkRange({ linkId, minimum, maximum }: Item, answer: number): Fault | null {
  const outside = (minimum !== null && answer < minimum) || (maximum !== null && answer > maximum);
  if (!outside) return null;
  const params = {
    ...(minimum !== null && { min: minimum }),
    ...(maximum !== null && { max: maximum }),
  };
  return { path: linkId, code: 'out_of_range', params };
}

function checkDate(path: string, answer: string, today: string): Fault | null {
  const day = new Date(`${answer}T00:00:00Z`);
  const real =
    /^\d{4}-\d\d-\d\d$/.test(answer) &&
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(answer);
  if (!real || answer < '1900-01-01') return { path, code: 'invalid_date' };
  return answer > today ? { path, code: 'future_date' } : null;
}

function checkLength({ linkId, maxLength }: Item, answer: Answer): Fault | null {
  // Counted in code points, as the server does.
  const long = typeof answer === 'string' && maxLength !== null && [...answer].length > maxLength;
  return long ? { path: linkId, code: 'too_long', params: { max: maxLength } } : null;
}
