import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity, AWAKE_FOR, holdAwake, type Limits } from './activity';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-26T12:00:00Z');

const letGo: (() => void)[] = [];
const hold = (...how: Parameters<typeof holdAwake>) => letGo.push(holdAwake(...how));
const letAllGo = () => {
  for (const each of letGo.splice(0)) each();
};
let told = 0;
let activity: Activity;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['Date'] });
  told = 0;
  activity = new Activity(() => {
    told += 1;
  });
  activity.start();
});

afterEach(() => {
  letAllGo();
  activity.stop();
  vi.useRealTimers();
});

/** The idle time after so long, looked at every second as the warning does. */
function idleAfter(ms: number): number {
  const until = Date.now() + ms;
  let idle = 0;
  for (let now = Date.now() + 1_000; now <= until; now += 1_000) idle = activity.idleFor(now);
  vi.setSystemTime(until);
  return idle;
}

describe('what counts as being there', () => {
  it('lets the time run where nothing goes on', () => {
    expect(idleAfter(20 * MINUTE)).toBe(20 * MINUTE);
    expect(told).toBe(0);
  });

  it.each(['keydown', 'pointerdown', 'wheel', 'input'])('begins anew with each %s', (sign) => {
    idleAfter(14 * MINUTE);
    window.dispatchEvent(new Event(sign));
    expect(idleAfter(MINUTE)).toBe(MINUTE);
    expect(told).toBe(1);
  });

  it('keeps an open visit awake, for an hour since the last touch', () => {
    hold('visit');
    expect(idleAfter(HOUR - MINUTE)).toBe(0);
    expect(told).toBeGreaterThan(50);
    window.dispatchEvent(new Event('keydown'));
    expect(idleAfter(HOUR - MINUTE)).toBe(0);
    expect(idleAfter(16 * MINUTE)).toBeGreaterThan(14 * MINUTE);
  });

  it('keeps who waits for the clinic awake for longer, and a conversation without end', () => {
    hold('waiting');
    expect(idleAfter(AWAKE_FOR.waiting - MINUTE)).toBe(0);
    expect(idleAfter(32 * MINUTE)).toBeGreaterThan(30 * MINUTE);
    hold('talking');
    expect(idleAfter(6 * HOUR)).toBe(0);
  });

  it('counts from when what was going on is over', () => {
    hold('visit');
    idleAfter(30 * MINUTE);
    letAllGo();
    expect(idleAfter(5 * MINUTE)).toBe(5 * MINUTE);
  });
});

describe('the end of a session', () => {
  const limits: Limits = { end: START + HOUR, inCallEnd: START + 3 * HOUR, afterCall: 10 * MINUTE };
  const endAt = (ms: number) => activity.endOf(limits, START + ms) - START;

  it('is what the server says where nobody is in a call', () => {
    hold('talking');
    expect(endAt(30 * MINUTE)).toBe(HOUR);
    expect(endAt(2 * HOUR)).toBe(HOUR);
  });

  it('moves with a call, and ten minutes beyond it, never past the bound', () => {
    hold('talking', true);
    expect(endAt(30 * MINUTE)).toBe(HOUR);
    expect(endAt(90 * MINUTE)).toBe(100 * MINUTE);
    expect(endAt(175 * MINUTE)).toBe(3 * HOUR);
    letAllGo();
    activity = new Activity(() => {});
    hold('waiting', true);
    expect(endAt(70 * MINUTE)).toBe(80 * MINUTE);
    letAllGo();
    expect(endAt(75 * MINUTE)).toBe(80 * MINUTE);
  });
});

it('learns from another tab that somebody is there, and in a call', async () => {
  const other = new BroadcastChannel('carethread-activity');
  const told = (sign: { touched: boolean; inCall: boolean }) =>
    new Promise<void>((resolve) => {
      const listener = new BroadcastChannel('carethread-activity');
      listener.onmessage = () => {
        listener.close();
        resolve();
      };
      other.postMessage(sign);
    });
  idleAfter(10 * MINUTE);
  await told({ touched: false, inCall: true });
  expect(activity.idleFor()).toBe(0);
  const limits = { end: START, inCallEnd: START + HOUR, afterCall: 10 * MINUTE };
  expect(activity.endOf(limits)).toBe(Date.now() + 10 * MINUTE);
  other.close();
});
