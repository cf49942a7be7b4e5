import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveStream } from './stream';

class Source {
  static opened: Source[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    Source.opened.push(this);
  }
  close() {
    this.closed = true;
  }
  push(seq: number, topic: string, ids: Record<string, string> = {}) {
    this.onmessage?.({ data: JSON.stringify({ seq, topic, ids }) });
  }
}

const newest = () => {
  const source = Source.opened.at(-1);
  if (!source) throw new Error('No stream was opened');
  return source;
};

describe('LiveStream', () => {
  let stream: LiveStream;

  beforeEach(() => {
    vi.useFakeTimers();
    Source.opened = [];
    vi.stubGlobal('EventSource', Source);
    stream = new LiveStream('/api/live');
    stream.start();
  });

  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('begins after what the page was told before it fetched anything', () => {
    const began = new LiveStream('/api/live', 41);
    began.start();
    expect(Source.opened.at(-1)?.url).toBe('/api/live?after=41');
    began.stop();
  });

  it('hands a push to those who listen to its topic', () => {
    const heard: unknown[] = [];
    stream.on('queue.changed', (message) => heard.push(message.ids));
    newest().push(7, 'queue.changed', { visit_id: 'v1' });
    newest().push(8, 'task.changed');
    expect(heard).toEqual([{ visit_id: 'v1' }]);
  });

  it('says how it is connected', () => {
    const states: string[] = [];
    stream.onState(() => states.push(stream.state()));
    newest().onopen?.();
    newest().onerror?.();
    expect(states).toEqual(['live', 'reconnecting']);
  });

  it('resumes after the last message that it saw', () => {
    newest().push(41, 'queue.changed');
    newest().onerror?.();
    vi.advanceTimersByTime(1_000);
    expect(Source.opened).toHaveLength(2);
    expect(newest().url).toBe('/api/live?after=41');
  });

  it('waits longer after each failure', () => {
    for (let failure = 0; failure < 6; failure += 1) {
      newest().onerror?.();
      vi.advanceTimersByTime(15_000);
    }
    expect(Source.opened).toHaveLength(7);
    newest().onerror?.();
    vi.advanceTimersByTime(5_000);
    expect(Source.opened).toHaveLength(7);
  });

  it('tells everybody when what was missed is not known', () => {
    const heard = vi.fn();
    stream.on('queue.changed', heard);
    stream.on('thread.changed', heard);
    newest().push(90, 'live.reset');
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('opens at once when the network is back', () => {
    newest().onerror?.();
    window.dispatchEvent(new Event('online'));
    expect(Source.opened).toHaveLength(2);
  });

  it.each([
    { newest: 41, times: 0 },
    { newest: 50, times: 1 },
  ])(
    'asks anew when the tab that holds the stream has heard more: $newest',
    async ({ newest: seq, times }) => {
      vi.useRealTimers();
      const began = new LiveStream('/api/live', 41);
      const heard = vi.fn();
      began.on('queue.changed', heard);
      began.start();
      const seen = new Promise<void>((resolve) => began.onState(resolve));
      const other = new BroadcastChannel('carethread-live');
      other.postMessage({ kind: 'state', state: 'live', seq });
      await seen;
      expect(heard).toHaveBeenCalledTimes(times);
      other.close();
      began.stop();
    },
  );
});
