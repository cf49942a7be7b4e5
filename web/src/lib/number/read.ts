/*
 * What people type for a number, read without guessing. What cannot be read, or could be two numbers,
 * is `Unread` with the code of an error; it keeps the text, so that nothing typed is lost.
 */

/** Text that is no number yet, and why: `code` and `params` are an error of the catalogue. */
export interface Unread {
  readonly unread: string;
  readonly code: string;
  readonly params?: Record<string, string | number>;
}

/** A number, nothing (the field is empty), or text that is no number. */
export type Typed<T = number> = T | null | Unread;

export interface NumberRules {
  /** The language of the reader: in Spanish a point may part thousands too. */
  readonly locale: string;
  /** The least and the most that can be meant. */
  readonly low: number;
  readonly high: number;
  /** How many digits may follow the point; 0 for whole numbers. */
  readonly decimals?: number;
  /** Words that may follow the number and change nothing: the field's own unit, in any language. */
  readonly units?: readonly string[];
  /** An empty field is a mistake. */
  readonly required?: boolean;
}

export function isUnread(value: unknown): value is Unread {
  return typeof value === 'object' && value !== null && 'unread' in value;
}

/** The number if there is one; null for an empty field and for what cannot be read. */
export function numberOf(value: Typed): number | null {
  return isUnread(value) ? null : value;
}

/** A number as a field shows it: a point, and no sign to part thousands. */
export function written(value: number): string {
  return String(value);
}

/** One number within the rules. */
export function readNumber(text: string, rules: NumberRules): Typed {
  const { number, unit } = parted(text);
  if (number === '' && unit === '') return nothing(text, rules);
  const { units = [] } = rules;
  const known = unit === '' || knows(units, unit);
  const read = known
    ? readPlain(number, rules.locale)
    : fault(number && units.length > 0 ? 'number_unit' : 'number_unreadable');
  return within(typeof read === 'number' ? read : { ...read, unread: text }, text, rules);
}

/** What an empty field means. */
export const nothing = (text: string, { required }: NumberRules): null | Unread =>
  required ? { unread: text, code: 'required' } : null;

export type Fault = Omit<Unread, 'unread'>;

export const fault = (code: string, params?: Unread['params']): Fault =>
  params ? { code, params } : { code };

/** The same text with the digits and signs of a Latin keyboard, and single spaces. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The number and the word after it: '150.5 lb' is '150.5' and 'lb'. */
export function parted(text: string): { number: string; unit: string } {
  const [, number = '', unit = ''] =
    /^((?:[^\p{L}°%"'/]|\/(?!\p{L}))*)(.*)$/u.exec(plain(text)) ?? [];
  return { number: number.trim(), unit: unit.trim() };
}

/** Whether a word is one of the units, whole or begun ('tabs' for 'tablets'), whatever its case and accents. */
export function knows(units: readonly string[], word: string): boolean {
  const typed = folded(word);
  const stem = typed.replace(/s$/, '');
  return units.some((unit) => {
    const whole = folded(unit);
    return whole === typed || whole === stem || (stem.length > 2 && whole.startsWith(stem));
  });
}

const folded = (word: string): string =>
  word
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f.\s]/g, '')
    .toLowerCase();

const WHOLE = /^\d+$/;
const DECIMAL = /^(\d*)[.,](\d+)$/;
/** '1,000,000', '1.000.000', '1 000': groups of three, parted in one way. */
const GROUPED = /^[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*$/;
/** '1,000.5', '1.000,5': the last sign is the point. */
const GROUPED_DECIMAL = /^([1-9]\d{0,2}(?:([., ])\d{3})(?:\2\d{3})*)(?!\2)[.,](\d+)$/;

/** A number without sign, fraction or exponent, or what is wrong with it. */
export function readPlain(text: string, locale: string): number | Fault {
  if (text.startsWith('-')) return fault('number_negative');
  if (/^[\d., ]*\d[.,]$/.test(text)) return fault('number_unfinished');
  const digits = unparted(text, locale);
  if (digits === null) return fault('number_unreadable');
  return typeof digits === 'string' ? Number(digits) : digits;
}

/** The digits with a point at most, null for no number. */
function unparted(text: string, locale: string): string | Fault | null {
  if (WHOLE.test(text)) return text;
  const mixed = GROUPED_DECIMAL.exec(text);
  if (mixed) return `${mixed[1]?.replaceAll(/\D/g, '')}.${mixed[3]}`;
  const grouped = GROUPED.exec(text);
  const decimal = DECIMAL.exec(text);
  // 1,000 is a thousand to one reader and one to another.
  if (grouped && decimal && !(locale === 'en' && grouped[1] === '.')) {
    const value = Number(`${decimal[1]}.${decimal[2]}`);
    return fault('number_ambiguous', {
      whole: text.replaceAll(/\D/g, ''),
      decimal: written(value),
    });
  }
  if (decimal) return `${decimal[1] || '0'}.${decimal[2]}`;
  return grouped ? text.replaceAll(/\D/g, '') : null;
}

/** The number if it keeps to the rules, else what is wrong with it. */
export function within(read: number | Unread, text: string, rules: NumberRules): number | Unread {
  if (typeof read !== 'number') return read;
  const { low, high, decimals = 0 } = rules;
  const wrong = (code: string, params: Unread['params']) => ({
    unread: text,
    ...fault(code, params),
  });
  if (!(read >= low && read <= high)) return wrong('number_outside', { low, high });
  if (decimalsOf(read) <= decimals) return read;
  return decimals === 0 ? wrong('number_whole', {}) : wrong('number_too_fine', { decimals });
}

/** How many digits a number has after the point. */
export function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const after = digits.split('.')[1]?.length ?? 0;
  return Math.max(0, after - Number(exponent));
}
