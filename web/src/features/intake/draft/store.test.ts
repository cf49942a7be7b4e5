import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import type { Intake, SaveBody, Saved } from '../model';
import { IntakeStore, type Kept } from './store';
import { emptyDraft } from './testing';

const NUMBERS = { emergency: '911', crisis: '988', poison: '', violence: '', assault: '' };

function intake(over: Partial<Intake> = {}): Intake {
  return {
    version: 1,
    step: 'identity',
    saved_at: null,
    submitted_at: null,
    visit_status: 'intake',
    draft: emptyDraft(),
    faults: [],
    flags: [],
    numbers: NUMBERS,
    ...over,
  } as Intake;
}

/** A server that keeps one form, as the real one does, and can be out of reach. */
class Server {
  version = 1;
  draft = emptyDraft();
  reachable = true;
  answers = true;
  readonly bodies: SaveBody[] = [];

  readonly save = async (body: SaveBody): Promise<Saved> => {
    if (!this.answers) return new Promise(() => {});
    if (!this.reachable) throw new ApiProblem(0, 'unreachable');
    if (body.version !== this.version) {
      throw new ApiProblem(409, 'stale', [], { version: this.version, draft: this.draft });
    }
    this.bodies.push(body);
    this.version += 1;
    this.draft = body.draft as typeof this.draft;
    return {
      version: this.version,
      step: body.step,
      saved_at: '2026-11-20T15:00:00Z',
      submitted_at: null,
      faults: [],
      flags: [],
      numbers: NUMBERS,
    };
  };
}

describe('the form on this device', () => {
  let server: Server;
  let kept: Kept | null;
  const open = (over: Partial<Intake> = {}, from: Kept | null = null) =>
    new IntakeStore(intake(over), from, {
      asked: ({ hidden: _, ...answers }) => answers,
      save: server.save,
      keep: async (value) => {
        kept = value;
        return true;
      },
      drop: () => {
        kept = null;
      },
      language: () => 'en',
    });
  const city = (name: string) => (draft: ReturnType<typeof emptyDraft>) => ({
    ...draft,
    location: { ...draft.location, city: name },
  });

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
    kept = null;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('saves once for a burst of typing', async () => {
    const store = open();
    for (const name of ['A', 'Al', 'Albany']) store.change(city(name), 'location.city');
    await vi.runAllTimersAsync();
    expect(server.bodies).toHaveLength(1);
    expect(server.draft.location.city).toBe('Albany');
    expect(store.snapshot().saving.state).toBe('saved');
  });

  it('is kept here with every change, also while a save is never answered', async () => {
    const store = open();
    store.change(city('Alb'), 'location.city');
    expect(kept?.draft.location.city).toBe('Alb');
    server.answers = false;
    await vi.advanceTimersByTimeAsync(10_000);
    store.change(city('Albany'), 'location.city');
    expect(kept?.draft.location.city).toBe('Albany');
  });

  it('sends no answer to what is not asked, and keeps it for when it is', async () => {
    const store = open();
    store.change((draft) => ({ ...draft, answers: { trend: 'same', hidden: 'x' } }), 'answers.');
    await vi.runAllTimersAsync();
    expect(server.draft.answers).toEqual({ trend: 'same' });
    expect(store.snapshot().draft.answers).toEqual({ trend: 'same', hidden: 'x' });
  });

  it('does not say saved of what is not', async () => {
    const store = open({ saved_at: '2026-11-20T14:00:00Z' });
    expect(store.snapshot().saving.state).toBe('saved');
    store.change(city('Al'), 'location.city');
    expect(store.snapshot().saving.state).toBe('saving');
    const saving = store.flush();
    store.change(city('Albany'), 'location.city');
    const seen = new Set<string>();
    store.subscribe(() => {
      const { state } = store.snapshot().saving;
      if (server.draft.location.city !== 'Albany') seen.add(state);
    });
    await saving;
    expect(seen).not.toContain('saved');
    expect(store.snapshot().saving.state).toBe('saved');
  });

  it('merges with what another device saved, and sends the result', async () => {
    const store = open();
    server.version = 7;
    server.draft = emptyDraft({ answers: { trend: 'worse' } });
    store.change(city('Albany'), 'location.city');
    expect(await store.flush()).toBe(true);
    expect(server.draft.location.city).toBe('Albany');
    expect(server.draft.answers).toEqual({ trend: 'worse' });
    expect(store.snapshot().draft.answers).toEqual({ trend: 'worse' });
    expect(store.snapshot().version).toBe(8);
  });

  it('keeps the work here without a network and sends it by itself afterwards', async () => {
    const store = open();
    server.reachable = false;
    store.change(city('Albany'), 'location.city');
    expect(await store.flush()).toBe(false);
    expect(store.snapshot().saving.state).toBe('local');
    expect(kept?.draft.location.city).toBe('Albany');
    server.reachable = true;
    await vi.runAllTimersAsync();
    expect(server.draft.location.city).toBe('Albany');
    expect(kept).toBeNull();
  });

  it('goes on from what was kept, joined with the newer state of the server', async () => {
    const base = emptyDraft();
    const mine = city('Albany')(base);
    const theirs = emptyDraft({ answers: { trend: 'worse' } });
    server.version = 3;
    const from = { base, draft: mine, step: 'contact', acknowledged: ['stroke'] };
    const store = open({ version: 3, draft: theirs }, from);
    await vi.runAllTimersAsync();
    expect(store.snapshot().step).toBe('contact');
    expect(server.draft.location.city).toBe('Albany');
    expect(server.draft.answers).toEqual({ trend: 'worse' });
    expect(server.bodies[0]?.acknowledged).toEqual(['stroke']);
  });

  it('never loses what is typed while a save is on its way', async () => {
    const store = open();
    store.change(city('Al'), 'location.city');
    const first = store.flush();
    store.change(city('Albany'), 'location.city');
    await first;
    await vi.runAllTimersAsync();
    expect(server.draft.location.city).toBe('Albany');
  });

  it('stops when the form was sent from elsewhere', async () => {
    const store = open();
    vi.spyOn(server, 'save');
    const closed = new IntakeStore(intake(), null, {
      asked: (answers) => answers,
      save: async () => {
        throw new ApiProblem(409, 'intake_closed');
      },
      keep: async () => true,
      drop: () => undefined,
      language: () => 'en',
    });
    closed.change(city('Albany'), 'location.city');
    expect(await closed.flush()).toBe(false);
    expect(closed.snapshot().closed).toBe(true);
    store.stop();
  });
});
