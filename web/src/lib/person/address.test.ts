import { describe, expect, it } from 'vitest';
import { addressOf, isUnsplit, typedAddress } from './address';
import { addressLines } from './addressLines';

const ALBANY = {
  line: ['1 Harbor Road', 'Suite 3', 'c/o Reyes'],
  city: 'Albany',
  state: 'NY',
  postalCode: '12207',
  country: 'US',
};

describe('an address in parts', () => {
  it('goes through a form whole, its third line too', () => {
    expect(typedAddress(addressOf(ALBANY))).toEqual(ALBANY);
  });

  it('is nothing when a country alone is chosen', () => {
    expect(typedAddress({ ...addressOf(null), country: 'MX' })).toBeNull();
  });

  it('is not split while it has no city', () => {
    expect(isUnsplit({ line: ['1 Harbor Road, Albany, NY 12207'], city: '' })).toBe(true);
    expect(isUnsplit(ALBANY)).toBe(false);
    expect(isUnsplit(null)).toBe(false);
  });

  it('is shown as a letter has it, with a country only abroad', () => {
    expect(addressLines(ALBANY, 'en').slice(-2)).toEqual(['c/o Reyes', 'Albany, NY 12207']);
    const abroad = {
      line: ['Calle 5'],
      city: 'Puebla',
      state: '',
      postalCode: '72000',
      country: 'MX',
    };
    expect(addressLines(abroad, 'es')).toEqual(['Calle 5', 'Puebla, 72000', 'México']);
  });
});
