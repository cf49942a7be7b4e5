import { describe, expect, it } from 'vitest';
import { merge } from './merge';
import { emptyDraft } from './testing';

describe('two devices on one form', () => {
  const base = emptyDraft({ answers: { trend: 'same' } });

  it('keeps what each of them changed alone', () => {
    const mine = { ...base, answers: { ...base.answers, fever: 'no' } };
    const theirs = { ...base, location: { ...base.location, city: 'Albany' } };
    const merged = merge(base, mine, theirs);
    expect(merged.answers).toEqual({ trend: 'same', fever: 'no' });
    expect(merged.location.city).toBe('Albany');
  });

  it('keeps what is on this screen where both changed one field', () => {
    const mine = { ...base, answers: { trend: 'worse' } };
    const theirs = { ...base, answers: { trend: 'better', fever: '38' } };
    expect(merge(base, mine, theirs).answers).toEqual({ trend: 'worse', fever: '38' });
  });

  it('takes an answer that was removed elsewhere as removed', () => {
    const theirs = { ...base, answers: {} };
    expect(merge(base, base, theirs).answers).toEqual({});
  });

  it('joins lists entry by entry', () => {
    const entry = (key: string, name: string) => ({
      key,
      name,
      directions: '',
      status: 'new' as const,
    });
    const start = emptyDraft({ medicines: [entry('a', 'Aspirin'), entry('b', 'Iron')] });
    const mine = { ...start, medicines: [entry('a', 'Aspirin 81 mg'), entry('b', 'Iron')] };
    const theirs = { ...start, medicines: [entry('a', 'Aspirin'), entry('c', 'Zinc')] };
    expect(merge(start, mine, theirs).medicines.map((each) => each.name)).toEqual([
      'Aspirin 81 mg',
      'Zinc',
    ]);
  });

  it('keeps two answers of several choices apart from a list of entries', () => {
    const mine = { ...base, answers: { trend: 'same', signs: ['cough'] } };
    const theirs = { ...base, answers: { trend: 'same', signs: ['fever'] } };
    expect(merge(base, mine, theirs).answers.signs).toEqual(['cough']);
  });
});
