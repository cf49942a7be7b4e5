import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shown, stored, unitName } from './units';

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
