import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from './content';
import { mergeLists, mergeNotes, mergeText } from './merge';

const line = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', ' '));
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
const entry = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(3) });
const list = fc.uniqueArray(entry, { selector: (each) => each.id, maxLength: 4 });
const key = (each: { id: string }) => each.id;

const lines = (value: string) => value.split('\n');
const added = (base: string, now: string) =>
  lines(now).filter((each) => !lines(base).includes(each));

const empty: Content = {
  subjective: '',
  objective: '',
  assessment: '',
  plan: '',
  diagnoses: [],
  vitals: [],
  plan_items: [],
  typed: {},
};

describe('merging two versions of a section', () => {
  it('takes the one change there is', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeText(base, changed, base)).toBe(changed);
        expect(mergeText(base, base, changed)).toBe(changed);
        expect(mergeText(base, changed, changed)).toBe(changed);
      }),
    );
  });

  it('loses no line that either side wrote', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const merged = lines(mergeText(base, mine, theirs));
        for (const each of [...added(base, mine), ...added(base, theirs)]) {
          expect(merged).toContain(each);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('invents nothing', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const known = new Set([...lines(base), ...lines(mine), ...lines(theirs)]);
        for (const each of lines(mergeText(base, mine, theirs))) expect(known).toContain(each);
      }),
    );
  });

  it('keeps lines that both sides left alone, in their order', () => {
    const merged = mergeText('one\ntwo\nthree', 'zero\none\ntwo\nthree', 'one\ntwo\nthree\nfour');
    expect(merged).toBe('zero\none\ntwo\nthree\nfour');
  });

  it('keeps both versions of a line that both changed', () => {
    expect(mergeText('pain', 'sharp pain', 'dull pain')).toBe('dull pain\nsharp pain');
  });

  it('lets go of a line that one side removed and the other left alone', () => {
    expect(mergeText('a\nb\nc', 'a\nc', 'a\nb\nc\nd')).toBe('a\nc\nd');
  });
});

describe('merging lists', () => {
  it('takes the one change there is', () => {
    fc.assert(
      fc.property(list, list, (base, changed) => {
        expect(mergeLists(base, changed, base, key)).toEqual(changed);
        expect(mergeLists(base, base, changed, key)).toEqual(changed);
      }),
    );
  });

  it('keeps what either side added or changed, once', () => {
    fc.assert(
      fc.property(list, list, list, (base, mine, theirs) => {
        const merged = mergeLists(base, mine, theirs, key);
        const ids = merged.map(key);
        expect(new Set(ids).size).toBe(ids.length);
        const before = new Map(base.map((each) => [each.id, each.value]));
        for (const each of [...mine, ...theirs]) {
          if (before.get(each.id) !== each.value) expect(ids).toContain(each.id);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('merging notes', () => {
  it('puts changes of different sections together', () => {
    const mine = { ...empty, plan: 'Rest' };
    const theirs = { ...empty, subjective: 'Cough' };
    expect(mergeNotes(empty, mine, theirs)).toEqual({
      ...empty,
      plan: 'Rest',
      subjective: 'Cough',
    });
  });

  it('is content with itself', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const [b, m, t] = [base, mine, theirs].map((plan) => ({ ...empty, plan })) as [
          Content,
          Content,
          Content,
        ];
        const merged = mergeNotes(b, m, t);
        expect(mergeNotes(t, merged, t)).toEqual(merged);
      }),
    );
  });
});
