import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import type { Content } from './content';
import { type Draft, NoteSession } from './session';

const empty: Content = {
  subjective: '',
  objective: '',
  assessment: '',
  plan: '',
  diagnoses: [],
  vitals: [],
  plan_items: [],
  typed: {},
};

/** A server with one note, as the API behaves: versions, and 409 with the newer text. */
class Server {
  version = 1;
  content = empty;
  down = false;
  saves = 0;

  async save(version: number, content: Content) {
    this.saves += 1;
    if (this.down) throw new ApiProblem(0, 'unreachable');
    if (version !== this.version) {
      throw new ApiProblem(409, 'note_stale', [], {
        version: this.version,
        content: this.content,
        saved_at: '2026-01-01T00:00:00Z',
      });
    }
    this.version += 1;
    this.content = content;
    return { version: this.version, saved_at: '2026-01-01T00:00:00Z' };
  }
}

class Device {
  draft: Draft | null = null;
}

function open(server: Server, device = new Device()) {
  const session = new NoteSession(
    { content: server.content, version: server.version, saved_at: '2026-01-01T00:00:00Z' },
    {
      save: (version, content) => server.save(version, content),
      keepDraft: async (draft) => {
        device.draft = draft;
        return true;
      },
      readDraft: async () => device.draft,
      dropDraft: () => {
        device.draft = null;
      },
    },
  );
  return { session, device };
}

const write = (session: NoteSession, change: Partial<Content>) =>
  session.edit({ ...session.snapshot().content, ...change });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a note being written', () => {
  it('saves itself once when typing pauses', async () => {
    const server = new Server();
    const { session, device } = open(server);
    for (const plan of ['R', 'Re', 'Res', 'Rest']) write(session, { plan });
    expect(device.draft?.mine.plan).toBe('Rest');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.content.plan).toBe('Rest');
    expect(server.saves).toBe(1);
    expect(session.snapshot().saving.state).toBe('saved');
    expect(device.draft).toBeNull();
  });

  it('keeps a number that is only typed on this device, never sends it, and saves the rest', async () => {
    const server = new Server();
    const { session, device } = open(server);
    write(session, { typed: { 'vital 29463-7': '150.' } });
    expect(session.snapshot().saving.state).toBe('saved');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.saves).toBe(0);
    write(session, { plan: 'Rest' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.content.plan).toBe('Rest');
    expect(session.snapshot().saving.state).toBe('saved');
    const again = open(server, device);
    await again.session.recover();
    expect(again.session.snapshot().content.typed).toEqual({ 'vital 29463-7': '150.' });
    write(again.session, { typed: {} });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.saves).toBe(1);
  });

  it('keeps what is only typed when somebody else has changed the note', async () => {
    const server = new Server();
    const { session } = open(server);
    await server.save(1, { ...empty, subjective: 'theirs' });
    write(session, { plan: 'Rest', typed: { 'due 1': '1.5' } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.snapshot().content).toMatchObject({
      subjective: 'theirs',
      plan: 'Rest',
      typed: { 'due 1': '1.5' },
    });
  });

  it('is saved again at once when a change is taken back', async () => {
    const { session } = open(new Server());
    write(session, { plan: 'R' });
    write(session, { plan: '' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.snapshot().saving.state).toBe('saved');
  });

  it('keeps what is written while a save is under way', async () => {
    const server = new Server();
    const { session } = open(server);
    write(session, { plan: 'Rest' });
    const saving = session.flush();
    write(session, { plan: 'Rest and drink' });
    await saving;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.content.plan).toBe('Rest and drink');
  });

  it('merges what somebody else saved, and both keep every word', async () => {
    const server = new Server();
    const { session: one } = open(server);
    const { session: two } = open(server);
    for (let turn = 0; turn < 100; turn += 1) {
      write(one, { subjective: `${one.snapshot().content.subjective}\none ${turn}` });
      write(two, { plan: `${two.snapshot().content.plan}\ntwo ${turn}` });
      await one.flush();
      await two.flush();
    }
    for (let turn = 0; turn < 100; turn += 1) {
      expect(server.content.subjective).toContain(`one ${turn}`);
      expect(server.content.plan).toContain(`two ${turn}`);
    }
    expect(two.snapshot().merges).toBeGreaterThan(0);
  });

  it('keeps a draft without a network and sends it when the network is back', async () => {
    const server = new Server();
    const { session, device } = open(server);
    server.down = true;
    write(session, { plan: 'Rest' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.snapshot().saving.state).toBe('local');
    expect(device.draft?.mine.plan).toBe('Rest');
    server.down = false;
    session.online();
    await vi.advanceTimersByTimeAsync(1);
    expect(server.content.plan).toBe('Rest');
    expect(session.snapshot().saving.state).toBe('saved');
  });

  it('tries again by itself', async () => {
    const server = new Server();
    const { session } = open(server);
    server.down = true;
    write(session, { plan: 'Rest' });
    await vi.advanceTimersByTimeAsync(1_000);
    server.down = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(server.content.plan).toBe('Rest');
  });

  it('takes up a draft after a reload, together with what came meanwhile', async () => {
    const server = new Server();
    const { session, device } = open(server);
    server.down = true;
    write(session, { plan: 'Rest' });
    await vi.advanceTimersByTimeAsync(1_000);
    session.close();
    server.down = false;
    server.content = { ...empty, subjective: 'Cough' };
    server.version = 5;
    const { session: again } = open(server, device);
    await again.recover();
    await again.flush();
    expect(server.content).toMatchObject({ plan: 'Rest', subjective: 'Cough' });
    expect(device.draft).toBeNull();
  });

  it.each([
    ['a slow line', 408, 'request_too_slow'],
    ['too much within a minute', 429, 'too_many_writes'],
    ['a busy clinic', 503, 'temporarily_unavailable'],
  ])('saves by itself later what %s refused', async (_, status, code) => {
    const server = new Server();
    const { session } = open(server);
    const refused = vi.spyOn(server, 'save').mockRejectedValueOnce(new ApiProblem(status, code));
    write(session, { plan: 'Rest' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused).toHaveBeenCalledTimes(2);
    expect(server.content.plan).toBe('Rest');
    expect(session.snapshot().saving.state).toBe('saved');
  });

  it('says what may not be saved and keeps it on screen', async () => {
    const server = new Server();
    const { session } = open(server);
    const refusal = new ApiProblem(422, 'invalid', [{ path: 'content.plan', code: 'too_long' }]);
    vi.spyOn(server, 'save').mockRejectedValueOnce(refusal);
    write(session, { plan: 'x' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.snapshot()).toMatchObject({ problem: refusal, content: { plan: 'x' } });
    expect(session.snapshot().saving.state).toBe('failed');
    write(session, { plan: 'y' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.content.plan).toBe('y');
  });
});
