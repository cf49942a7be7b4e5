import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shown, shownText, stored, unitName } from './units';

describe('what a screen shows', () => {
  it.each([
    [1.1, '1.10', 'mmol/L', '1.10'],
    [0.004, '0.004', 'm[IU]/L', '0.004'],
    [128, '128', 'mm[Hg]', '128'],
    [37, '37.0', 'Cel', '98.6'],
    [1 / 3, '0.3333333333333333', '%', '0.333333'],
  ])('keeps the digits of %s that were typed as %s', (value, typed, unit, expected) => {
    expect(shownText({ value, typed }, unit)).toBe(expected);
  });
});

describe('units', () => {
  it('shows what a clinic in the United States reads', () => {
    expect([shown(37, 'Cel'), unitName('Cel')]).toEqual([98.6, '°F']);
    expect([shown(80, 'kg'), unitName('kg')]).toEqual([176.4, 'lb']);
    expect([shown(128, 'mm[Hg]'), unitName('mm[Hg]')]).toEqual([128, 'mmHg']);
  });

  it('gives back what was typed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Cel', 'kg', 'cm', 'mm[Hg]', '%'),
        fc.integer({ min: 200, max: 5000 }),
        (unit, tenths) => {
          expect(shown(stored(tenths / 10, unit), unit)).toBeCloseTo(tenths / 10, 1);
        },
      ),
    );
  });
});
