import { describe, expect, it } from 'vitest';
import { birthDateCheck, dayOf } from './birthDate';

describe('dayOf', () => {
  it.each([
    [{ day: '1', month: '4', year: '1990' }, '1990-04-01'],
    [{ day: '29', month: '2', year: '2024' }, '2024-02-29'],
    [{ day: '29', month: '2', year: '2023' }, 'incomplete'],
    [{ day: '31', month: '4', year: '1990' }, 'incomplete'],
    [{ day: '1', month: '', year: '1990' }, 'incomplete'],
    [{ day: '1', month: '4', year: '90' }, 'incomplete'],
    [{ day: '', month: '', year: '' }, ''],
  ])('%j is %s', (parts, day) => expect(dayOf(parts)).toBe(day));
});

describe('birthDateCheck', () => {
  const today = new Date('2026-11-21T12:00:00');
  it('asks for a date that exists and has been', () => {
    expect(birthDateCheck('', today)).toBe('required');
    expect(birthDateCheck('incomplete', today)).toBe('invalid_date');
    expect(birthDateCheck('2026-11-22', today)).toBe('birth_date_in_future');
    expect(birthDateCheck('2026-11-21', today)).toBe(false);
  });
});
