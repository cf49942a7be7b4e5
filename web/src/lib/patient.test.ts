import { expect, it } from 'vitest';
import { lastDigits, sameNames } from './patient';

it('finds who shares a name, however it is written, and nobody else', () => {
  const shared = sameNames([
    { id: 'a', name: 'Ana Núñez' },
    { id: 'b', name: 'ana  nunez' },
    { id: 'c', name: 'Ana Nunes' },
    { id: 'd', name: 'Ana Núñez' },
  ]);
  expect([...shared].sort()).toEqual(['a', 'b', 'd']);
});

it('takes one patient who is listed twice for one', () => {
  const twice = { id: 'a', name: 'Ana Núñez' };
  expect(sameNames([twice, twice]).size).toBe(0);
});

it('shows four digits of a phone number and no more', () => {
  expect(lastDigits('+1 (518) 555-0100')).toBe('0100');
});
