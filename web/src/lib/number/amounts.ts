/* Amounts as doses are written: '1/2', '1 1/2', '1½', 'half', '1-2', '1 to 2', '1 a 2'. */
import {
  type Fault,
  fault,
  knows,
  type NumberRules,
  nothing,
  plain,
  readPlain,
  type Typed,
  within,
  written,
} from './read';

/** From `low` to `high`; `high` is null where one amount is meant. */
export interface Amount {
  readonly low: number;
  readonly high: number | null;
}

const VULGAR: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
};

/**
 * Words for parts: 'half', 'half a', 'and a half', 'media', 'y media', 'un cuarto de'. After a digit they need 'and' or 'y':
 * '1 half tablet' and '1 cuarto de tableta' are a half and a quarter to who writes them, and 1.5 and 1.25 to who reads on.
 */
const JOINED = String.raw`(?:\b(?:and|y) (?:(?:an?|one|una?) )?|(?<!\d ?)\b(?:(?:an?|one|una?) )?)`;
const HALF = new RegExp(
  String.raw`${JOINED}(?:half|medi[ao])\b(?: an?\b(?! \d)| of an?\b)?`,
  'giu',
);
const QUARTER = new RegExp(String.raw`${JOINED}(?:quarter|cuarto)\b(?: of an?\b| de\b)?`, 'giu');

const UNIT = /^(.*?)\s*(\p{L}[\p{L}.]*)$/u;
const BETWEEN = /\s(?:to|a)\s|\s?-\s?/iu;
const UNFINISHED = /(?:[-/]|\s(?:to|a))$/iu;
/** At most twelve parts, and fewer than a whole: 11/26 is no dose. */
const FRACTION = /^(?:(\d+) )?(\d{1,2})\/(\d{1,2})$/;
const MAX_PARTS = 12;

/** One amount or a range of two; each end keeps to the rules. */
export function readAmount(text: string, rules: NumberRules): Typed<Amount> {
  const spelled = withFractions(text);
  if (spelled === '') return nothing(text, rules);
  const read = ends(spelled, rules);
  if ('code' in read) return { unread: text, ...read };
  for (const end of [read.low, read.high ?? read.low]) {
    const kept = within(end, text, rules);
    if (typeof kept !== 'number') return kept;
  }
  return read;
}

/** An amount as a field shows it; `to` is 'to' in the reader's language. */
export function writtenAmount({ low, high }: Amount, to: string): string {
  return high === null ? written(low) : `${written(low)} ${to} ${written(high)}`;
}

function withFractions(text: string): string {
  const vulgar = text.replaceAll(/[½⅓⅔¼¾⅕⅛⅜⅝⅞]/g, (sign) => ` ${VULGAR[sign]} `);
  return plain(
    plain(vulgar.replaceAll('\u2044', '/'))
      .replaceAll(HALF, ' 1/2 ')
      .replaceAll(QUARTER, ' 1/4 ')
      .replaceAll(/\s*\/\s*/g, '/'),
  );
}

function ends(spelled: string, { units = [], locale }: NumberRules): Amount | Fault {
  if (UNFINISHED.test(spelled)) return fault('number_unfinished');
  const [, before = spelled, unit = ''] = UNIT.exec(spelled) ?? [];
  if (unit && !knows(units, unit)) return fault(before ? 'number_unit' : 'number_unreadable');
  if (before.startsWith('-')) return fault('number_negative');
  const [first = '', second, ...more] = before.split(BETWEEN);
  if (more.length > 0) return fault('number_unreadable');
  const low = one(first, locale);
  if (typeof low !== 'number' || second === undefined) {
    return typeof low === 'number' ? { low, high: null } : low;
  }
  const high = one(second, locale);
  if (typeof high !== 'number') return high;
  if (low < high) return { low, high };
  // 1-1/2 is one and a half to one reader, and a range that runs backwards to another.
  const mixed = /^\d+$/.test(first) && /^\d+\/\d+$/.test(second);
  return mixed ? fault('amount_mixed', { mixed: `${first} ${second}` }) : fault('amount_order');
}

function one(text: string, locale: string): number | Fault {
  const [, whole = '0', part, parts] = FRACTION.exec(text) ?? [];
  if (part === undefined) return readPlain(text, locale);
  const [above, below] = [Number(part), Number(parts)];
  if (above === 0 || above >= below || below > MAX_PARTS) return fault('number_unreadable');
  return Number(whole) + above / below;
}
