import { describe, expect, it } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { isNotLoaded } from './notLoaded';

describe('a page that did not arrive', () => {
  it.each([
    ['Chromium', 'Failed to fetch dynamically imported module: https://x/assets/a.js'],
    ['Firefox', 'error loading dynamically imported module: https://x/assets/a.js'],
    ['Safari', 'Importing a module script failed.'],
    ['the style sheet', 'Unable to preload CSS for /assets/a.css'],
  ])('is told by the words of %s', (_, words) => {
    expect(isNotLoaded(new TypeError(words))).toBe(true);
  });

  it('is no fault of the page, and no answer of the API', () => {
    expect(isNotLoaded(new TypeError('x is undefined'))).toBe(false);
    expect(isNotLoaded(new ApiProblem(0, 'offline'))).toBe(false);
  });
});
