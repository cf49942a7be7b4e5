import { describe, expect, it } from 'vitest';
import { safeNext } from './layouts';

describe('where to go on to after signing in', () => {
  it('is a page of ours', () => {
    expect(safeNext('/visit/1/waiting?tab=2')).toBe('/visit/1/waiting?tab=2');
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    '/\t/elsewhere.example',
    '/.//elsewhere.example',
    '/a/..//elsewhere.example',
    '/.\\/elsewhere.example',
    '//[',
    'javascript:alert(1)',
    null,
  ])('is never another site: %s', (next) => {
    expect(safeNext(next)).toBeNull();
  });
});
