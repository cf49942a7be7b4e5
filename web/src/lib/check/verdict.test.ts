import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, gradeOf, troublesOf, verdictOf } from './verdict.ts';

interface Vector {
  name: string;
  facts: Facts;
  verdict: string;
  troubles: string[];
}

const table = join(import.meta.dirname, '../../../../tests/visits/check/vectors.json');
const vectors: Vector[] = JSON.parse(readFileSync(table, 'utf8'));
const BEST_FIRST = ['video', 'voice', 'none'];
const GRADES = ['good', 'fair', 'poor', 'bad'];
const DEVICES = [
  'ok',
  'silent',
  'denied',
  'in_use',
  'missing',
  'insecure',
  'in_app',
  'paused',
  'unknown',
] as const;

const figure = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { nil: null });
const facts: fc.Arbitrary<Facts> = fc.record({
  camera: fc.constantFrom(...DEVICES),
  microphone: fc.constantFrom(...DEVICES),
  speaker: fc.constantFrom('heard', 'not_heard', 'unsaid'),
  network: fc.constantFrom('found', 'no_path', 'unmeasured'),
  round_trip_ms: figure(1500),
  jitter_ms: figure(400),
  loss: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
  up_kbps: figure(1500),
  down_kbps: figure(1500),
});

describe('what to expect of the call', () => {
  it.each(vectors)('$name', ({ facts: found, verdict, troubles }) => {
    expect(verdictOf(found)).toBe(verdict);
    expect(troublesOf(found)).toEqual(troubles);
  });

  it('is never better for a worse figure', () => {
    const figures = fc.constantFrom('round_trip_ms', 'jitter_ms', 'up_kbps', 'down_kbps');
    fc.assert(
      fc.property(facts, figures, fc.integer({ min: 1, max: 500 }), (found, name, by) => {
        const value = found[name];
        if (value == null) return;
        const worse = name.endsWith('kbps') ? Math.max(0, value - by) : value + by;
        const after = verdictOf({ ...found, [name]: worse });
        expect(BEST_FIRST.indexOf(after)).toBeGreaterThanOrEqual(
          BEST_FIRST.indexOf(verdictOf(found)),
        );
        expect(GRADES.indexOf(gradeOf(name, worse))).toBeGreaterThanOrEqual(
          GRADES.indexOf(gradeOf(name, value)),
        );
      }),
    );
  });

  it('says why, whenever it is less than video', () => {
    fc.assert(
      fc.property(facts, (found) => {
        expect(verdictOf(found) === 'video' || troublesOf(found).length > 0).toBe(true);
      }),
    );
  });

  it('holds nothing against anybody that was not measured', () => {
    fc.assert(
      fc.property(facts, (found) => {
        const { camera, microphone, speaker } = found;
        const blind = verdictOf({ camera, microphone, speaker, network: 'unmeasured' });
        expect(BEST_FIRST.indexOf(blind)).toBeLessThanOrEqual(BEST_FIRST.indexOf(verdictOf(found)));
      }),
    );
  });
});
