import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Drafts } from './drafts';
import { Sealer } from './sealer';

/** The drafts of a person, as a page has them that they have just signed in on. */
const of = (letter: string) =>
  new Drafts(new Sealer(async () => btoa(letter.repeat(32))), localStorage);
const kept = () => Object.keys(localStorage).filter((key) => key.includes('draft'));

describe('drafts kept on this device', () => {
  beforeEach(() => localStorage.clear());

  it('are read back by the same person, also later, and stored unreadable', async () => {
    expect(await of('a').keep('intake', { text: 'CANARY' })).toBe(true);
    expect(JSON.stringify({ ...localStorage })).not.toContain('CANARY');
    expect(await of('a').read('intake')).toEqual({ text: 'CANARY' });
  });

  it('are neither opened, overwritten, counted nor deleted by another person', async () => {
    await of('a').keep('thread', 'mine');
    const theirs = of('b');
    expect(await theirs.read('thread')).toBeNull();
    await theirs.keep('thread', 'theirs');
    expect(await theirs.count()).toBe(1);
    await theirs.discard();
    expect(await theirs.read('thread')).toBeNull();
    expect(await of('a').read('thread')).toBe('mine');
  });

  it('do not open under another name', async () => {
    const mine = of('a');
    await mine.keep('note one', 'of one patient');
    const [one] = kept() as [string];
    localStorage.setItem(one.replace('note one', 'note two'), localStorage.getItem(one) as string);
    expect(await mine.read('note two')).toBeNull();
    expect(await mine.read('note one')).toBe('of one patient');
  });

  it('are not kept when no key can be had, and are when it can', async () => {
    let online = false;
    const sealer = new Sealer(async () => {
      if (!online) throw new Error('offline');
      return btoa('a'.repeat(32));
    });
    const mine = new Drafts(sealer, localStorage);
    expect(await mine.keep('intake', 1)).toBe(false);
    // It is there on the next page of the app, and the browser asks before the tab is closed.
    expect(await mine.read('intake')).toBe(1);
    expect(mine.holdsUnkept).toBe(true);
    online = true;
    expect(await mine.keep('intake', 2)).toBe(true);
    expect(mine.holdsUnkept).toBe(false);
    expect(await mine.read('intake')).toBe(2);
    expect(kept()).toHaveLength(1);
  });

  it('are gone when their writer discards them, and nothing else is', async () => {
    localStorage.setItem('carethread.locale', 'es');
    const mine = of('a');
    await mine.keep('one', 1);
    expect(await mine.count()).toBe(1);
    await mine.discard();
    expect(Object.keys(localStorage)).toEqual(['carethread.locale']);
  });

  it('stay away once dropped or discarded, also when one was being sealed', async () => {
    const mine = of('a');
    const sealing = [mine.keep('sent', 'words'), mine.keep('other', 'words')];
    mine.drop('sent');
    await Promise.all(sealing);
    expect(await mine.read('sent')).toBeNull();
    const late = mine.keep('late', 'words');
    await mine.discard();
    await late;
    expect(kept()).toEqual([]);
  });

  it('go when nobody has come back for them in a month', async () => {
    await of('a').keep('old', 'words');
    vi.useFakeTimers({ now: Date.now() + 31 * 86_400_000, toFake: ['Date'] });
    await of('b').keep('new', 'words');
    await of('b').prepare();
    expect(await of('a').read('old')).toBeNull();
    expect(await of('b').read('new')).toBe('words');
    vi.useRealTimers();
  });
});
