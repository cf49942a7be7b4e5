import { beforeEach, describe, expect, it } from 'vitest';
import { Drafts } from './drafts';

const keyOf = (letter: string) => async () => btoa(letter.repeat(32));

describe('drafts kept on this device', () => {
  beforeEach(() => localStorage.clear());

  it('are read back by the same person and stored unreadable', async () => {
    const mine = new Drafts(keyOf('a'), localStorage);
    expect(await mine.keep('intake', { text: 'CANARY' })).toBe(true);
    expect(JSON.stringify({ ...localStorage })).not.toContain('CANARY');
    expect(await mine.read('intake')).toEqual({ text: 'CANARY' });
  });

  it('are nothing to another person', async () => {
    await new Drafts(keyOf('a'), localStorage).keep('intake', 'mine');
    const theirs = new Drafts(keyOf('b'), localStorage);
    expect(await theirs.read('intake')).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('do not open under another name', async () => {
    const mine = new Drafts(keyOf('a'), localStorage);
    await mine.keep('note one', 'of one patient');
    const moved = localStorage.getItem('carethread.draft.note one') ?? '';
    localStorage.setItem('carethread.draft.note two', moved);
    expect(await mine.read('note two')).toBeNull();
    expect(await mine.read('note one')).toBe('of one patient');
  });

  it('are not kept when no key can be had, and are when it can', async () => {
    let online = false;
    const mine = new Drafts(async () => {
      if (!online) throw new Error('offline');
      return btoa('a'.repeat(32));
    }, localStorage);
    expect(await mine.keep('intake', 1)).toBe(false);
    online = true;
    expect(await mine.keep('intake', 1)).toBe(true);
  });

  it('are gone after signing out', async () => {
    localStorage.setItem('carethread.locale', 'es');
    const mine = new Drafts(keyOf('a'), localStorage);
    await mine.keep('one', 1);
    mine.wipe();
    expect(Object.keys(localStorage)).toEqual(['carethread.locale']);
  });

  it('stay away once dropped or wiped, also when one was being sealed', async () => {
    const mine = new Drafts(keyOf('a'), localStorage);
    const sealing = [mine.keep('sent', 'words'), mine.keep('other', 'words')];
    mine.drop('sent');
    await Promise.all(sealing);
    expect(await mine.read('sent')).toBeNull();
    const late = mine.keep('late', 'words');
    mine.wipe();
    await late;
    expect(Object.keys(localStorage).filter((key) => key.includes('draft'))).toEqual([]);
  });
});
