import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAmount } from './amounts';
import { isUnread, type NumberRules, numberOf, readNumber, written } from './read';

const rules = (more: Partial<NumberRules> = {}): NumberRules => ({
  locale: 'en',
  low: 0,
  high: 1_000_000,
  decimals: 3,
  units: ['lb', 'libras', 'días'],
  ...more,
});
const read = (text: string, more: Partial<NumberRules> = {}) => readNumber(text, rules(more));
const codeOf = (found: unknown) =>
  isUnread(found) ? found.code : `read as ${JSON.stringify(found)}`;

describe.each(['en', 'es'])('a number typed in %s', (locale) => {
  it.each([
    ['150.5', 150.5],
    ['98.6', 98.6],
    ['38,5', 38.5],
    ['1,50', 1.5],
    ['150.50', 150.5],
    ['.5', 0.5],
    [',5', 0.5],
    ['0,125', 0.125],
    ['0.125', 0.125],
    ['0', 0],
    ['007', 7],
    ['  42 ', 42],
    ['\u00a042\u202f', 42],
    ['１５０．５', 150.5],
    ['1,000.5', 1000.5],
    ['1.000,5', 1000.5],
    ['1,000,000', 1_000_000],
    ['1.000.000', 1_000_000],
    ['12 500', 12_500],
    ['12\u202f500', 12_500],
    ['150.5 lb', 150.5],
    ['150.5lb.', 150.5],
    ['150.5 lbs', 150.5],
    ['150,5 LIBRAS', 150.5],
    ['10 dias', 10],
  ])('%j is %d', (text, value) => {
    expect(read(text, { locale })).toBe(value);
  });

  it.each([
    ['1,000', 'number_ambiguous'],
    ['12,500', 'number_ambiguous'],
    ['150.', 'number_unfinished'],
    ['150,', 'number_unfinished'],
    ['1,000.', 'number_unfinished'],
    ['-5', 'number_negative'],
    ['\u22125', 'number_negative'],
    ['–5', 'number_negative'],
    ['+5', 'number_unreadable'],
    ['1e3', 'number_unit'],
    ['1E-9', 'number_unit'],
    ['0x10', 'number_unit'],
    ['1..5', 'number_unreadable'],
    ['1.2.3', 'number_unreadable'],
    ['1,2,3', 'number_unreadable'],
    ['1,00,000', 'number_unreadable'],
    ['1,0000,000', 'number_unreadable'],
    ['0,000,001', 'number_unreadable'],
    ['12 5', 'number_unreadable'],
    ['1 000 00', 'number_unreadable'],
    ["1'000", 'number_unit'],
    ['120/80', 'number_unreadable'],
    ['1/2', 'number_unreadable'],
    ['½', 'number_unreadable'],
    ['5²', 'number_unreadable'],
    ['٣', 'number_unreadable'],
    ['1-2', 'number_unreadable'],
    ['.', 'number_unreadable'],
    ['abc', 'number_unreadable'],
    ['NaN', 'number_unreadable'],
    ['Infinity', 'number_unreadable'],
    ['150 kg', 'number_unit'],
    ['9'.repeat(400), 'number_outside'],
    ['1000001', 'number_outside'],
    ['0.0001', 'number_too_fine'],
    ['0.0000001', 'number_too_fine'],
  ])('%j is refused: %s', (text, code) => {
    expect(codeOf(read(text, { locale }))).toBe(code);
  });

  it('an empty field is nothing', () => {
    expect(read('', { locale })).toBeNull();
    expect(read('   ', { locale })).toBeNull();
  });

  it('keeps what was typed, to the letter', () => {
    expect(read(' 1..5 ', { locale })).toMatchObject({ unread: ' 1..5 ' });
  });

  it('says both readings of what could be two numbers', () => {
    expect(read('1,500', { locale })).toMatchObject({ params: { whole: '1500', decimal: '1.5' } });
  });

  it('reads what it writes', () => {
    const tenths = fc.integer({ min: 0, max: 9_999_999 }).map((each) => each / 10);
    fc.assert(
      fc.property(tenths, (value) => {
        expect(read(written(value), { locale })).toBe(value);
        expect(read(written(value).replace('.', ','), { locale })).toBe(value);
      }),
    );
  });

  it('never reads a number that differs from the digits typed', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'0123456789.,- /½e'), maxLength: 9 });
    fc.assert(
      fc.property(typed, (text) => {
        const value = numberOf(read(text, { locale, decimals: 9 }));
        if (value === null) return;
        const digits = (of: string) => of.replaceAll(/\D/g, '').replaceAll(/^0+|0+$/g, '');
        expect(digits(written(value)).replace(/0+$/, '')).toBe(digits(text).replace(/0+$/, ''));
      }),
      { numRuns: 2000 },
    );
  });
});

it('a point before three digits parts thousands in Spanish, and is a point in English', () => {
  expect(read('1.125')).toBe(1.125);
  expect(codeOf(read('1.125', { locale: 'es' }))).toBe('number_ambiguous');
});

it('a whole number has no digits after the point, but zeros', () => {
  expect(codeOf(read('1.5', { decimals: 0 }))).toBe('number_whole');
  expect(read('3.0', { decimals: 0 })).toBe(3);
});

const amount = (text: string, locale = 'en') =>
  readAmount(text, {
    locale,
    low: 0.001,
    high: 20,
    decimals: 20,
    units: ['tablet', 'tablets', 'tableta', 'tabletas'],
  });

describe.each(['en', 'es'])('a dose typed in %s', (locale) => {
  it.each([
    ['1', 1, null],
    ['1/2', 0.5, null],
    ['1 / 2', 0.5, null],
    ['½', 0.5, null],
    ['1½', 1.5, null],
    ['1 ½', 1.5, null],
    ['1 1/2', 1.5, null],
    ['1⁄2', 0.5, null],
    ['２', 2, null],
    ['3/4', 0.75, null],
    ['1/3', 1 / 3, null],
    ['1,5', 1.5, null],
    ['0.25', 0.25, null],
    ['half', 0.5, null],
    ['Half a tablet', 0.5, null],
    ['1 and a half', 1.5, null],
    ['media', 0.5, null],
    ['1 y media', 1.5, null],
    ['one half', 0.5, null],
    ['una media', 0.5, null],
    ['half to 1', 0.5, 1],
    ['media a 1', 0.5, 1],
    ['1 y media a 2', 1.5, 2],
    ['un cuarto de tableta', 0.25, null],
    ['1 tablet', 1, null],
    ['2 tabs', 2, null],
    ['1 1/2 tabletas', 1.5, null],
    ['1-2', 1, 2],
    ['1 - 2', 1, 2],
    ['1–2', 1, 2],
    ['1 to 2', 1, 2],
    ['1 TO 2 tablets', 1, 2],
    ['1 a 2', 1, 2],
    ['1/2-1', 0.5, 1],
    ['½ a 1', 0.5, 1],
    ['1-1½', 1, 1.5],
    ['1 to 1 1/2', 1, 1.5],
    ['0,5 a 1,5', 0.5, 1.5],
  ])('%j is %d to %j', (text, low, high) => {
    expect(amount(text, locale)).toEqual({ low, high });
  });

  it.each([
    ['1-', 'number_unfinished'],
    ['1 to', 'number_unfinished'],
    ['1 a', 'number_unfinished'],
    ['1/', 'number_unfinished'],
    ['1.', 'number_unfinished'],
    ['1-1/2', 'amount_mixed'],
    ['2-1', 'amount_order'],
    ['2-2', 'amount_order'],
    ['-1', 'number_negative'],
    ['1-2-3', 'number_unreadable'],
    ['1--2', 'number_unreadable'],
    ['3/2', 'number_unreadable'],
    ['12/2', 'number_unreadable'],
    ['1/0', 'number_unreadable'],
    ['0/2', 'number_unreadable'],
    ['11/26', 'number_unreadable'],
    ['1½/2', 'number_unreadable'],
    ['1.5/2', 'number_unreadable'],
    ['1 2', 'number_unreadable'],
    ['1e-9', 'number_unreadable'],
    ['two', 'number_unreadable'],
    ['1 half', 'number_unit'],
    ['1 half tablet', 'number_unreadable'],
    ['2 half tablets', 'number_unreadable'],
    ['1 media tableta', 'number_unreadable'],
    ['1 quarter', 'number_unit'],
    ['1 cuarto de tableta', 'number_unreadable'],
    ['1half', 'number_unit'],
    ['5 mg', 'number_unit'],
    ['0', 'number_outside'],
    ['21', 'number_outside'],
    ['1-30', 'number_outside'],
  ])('%j is refused: %s', (text, code) => {
    expect(codeOf(amount(text, locale))).toBe(code);
  });
});
