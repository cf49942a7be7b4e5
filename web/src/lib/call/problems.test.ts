import { describe, expect, it } from 'vitest';
import { browserOf, isInApp, problemOf } from './problems.ts';

const AGENTS = {
  chrome:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  android:
    'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
} as const;

describe('help for the browser at hand', () => {
  it.each(Object.entries(AGENTS))('knows %s', (browser, agent) => {
    expect(browserOf(agent)).toBe(browser);
    expect(isInApp(agent)).toBe(false);
  });

  it('knows pages inside of other apps, which have no camera', () => {
    expect(isInApp(`${AGENTS.ios} [FBAN/FBIOS;FBAV/500.0]`)).toBe(true);
    expect(isInApp(`${AGENTS.ios} Instagram 300.0`)).toBe(true);
    expect(isInApp(AGENTS.android.replace('Pixel 8)', 'Pixel 8; wv)'))).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in_use'],
    ['AbortError', 'in_use'],
    ['InvalidStateError', 'unknown'],
  ])('tells %s as %s', (name, problem) => {
    expect(problemOf(new DOMException('', name))).toBe(problem);
  });
});
