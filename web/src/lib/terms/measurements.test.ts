import { describe, expect, it } from 'vitest';
import { latestValues } from './measurements';

const at = '2026-03-04T15:00:00Z';
const trend = (code: string, unit: string, ...values: number[]) => ({
  code,
  unit,
  points: values.map((value) => ({
    at,
    value,
    typed: String(value),
    source: 'clinician',
  })),
});

describe('the latest values', () => {
  it('put the halves of a blood pressure together', () => {
    const trends = [trend('8480-6', 'mm[Hg]', 128, 140), trend('8462-4', 'mm[Hg]', 82, 90)];
    expect(latestValues(trends)).toEqual([{ code: '85354-9', value: '128/82 mmHg', at }]);
  });

  it('are written as people write units, and leave out what was never measured', () => {
    const trends = [
      trend('8310-5', 'Cel', 36.9),
      trend('29463-7', 'kg'),
      trend('72514-3', '{score}', 4),
    ];
    expect(latestValues(trends).map(({ value }) => value)).toEqual(['36.9 °C', '4']);
  });
});
