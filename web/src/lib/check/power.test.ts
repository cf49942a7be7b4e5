import { describe, expect, it } from 'vitest';
import { isSaving, savesPower } from './power.ts';

const frames = (ms: number) => Array.from({ length: 24 }, (_, number) => number * ms);

describe('an iPhone that saves power', () => {
  it('is known by half as many frames', () => {
    expect(isSaving(frames(1000 / 30))).toBe(true);
    expect(isSaving(frames(1000 / 60))).toBe(false);
    expect(isSaving(frames(1000 / 120))).toBe(false);
  });

  it('is not taken for one by a busy moment', () => {
    const times = frames(1000 / 60).map((at, number) => (number > 10 ? at + 400 : at));
    expect(isSaving(times)).toBe(false);
    expect(isSaving([])).toBe(false);
  });

  it('is asked of no other device', async () => {
    expect(await savesPower('Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile')).toBe(false);
  });
});
