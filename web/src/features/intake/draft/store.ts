import { ApiProblem } from '@/lib/api/problem';
import type { Saving } from '@/ui/marks/SavedAt';
import type { Change, Draft, Intake, SaveBody, Saved } from '../model';
import type { Fault } from '../rules/questionnaire';
import { merge, same } from './merge';

/** What is kept on this device while the server can't be reached. */
export interface Kept {
  base: Draft;
  draft: Draft;
  step: string;
  acknowledged: string[];
}

interface Io {
  /** The answers to what is asked: no other leaves the device. */
  asked: (answers: Draft['answers']) => Draft['answers'];
  save: (body: SaveBody) => Promise<Saved>;
  keep: (kept: Kept) => Promise<boolean>;
  drop: () => void;
  language: () => SaveBody['language'];
}

export interface State {
  draft: Draft;
  step: string;
  version: number;
  saving: Saving;
  /** The server's verdict on the fields as they were saved last. */
  faults: readonly Fault[];
  flags: Saved['flags'];
  numbers: Saved['numbers'];
  /** Red flags whose screen was read on this device. */
  acknowledged: readonly string[];
  /** The form was sent from elsewhere, or the visit moved on. */
  closed: boolean;
}

/** A patient in danger may be admitted while still writing: what is written then is kept too. */
const OPEN = new Set(['intake', 'admitted']);

const PAUSE_MS = 800;
const RETRY_MS = 5000;

/**
 * The form on this device. Every change is saved a moment later, one save at a time; a save that
 * another device overtook is merged field by field and sent again; without a network the work is
 * kept here, encrypted, until there is one.
 */
export class IntakeStore {
  private state: State;
  private base: Draft;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | null = null;
  private edits = 0;
  private savedEdits = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    intake: Intake,
    kept: Kept | null,
    private readonly io: Io,
  ) {
    this.base = intake.draft;
    this.state = {
      draft: kept ? merge(kept.base, kept.draft, intake.draft) : intake.draft,
      step: kept?.step ?? intake.step,
      version: intake.version,
      saving: intake.saved_at ? { state: 'saved', at: intake.saved_at } : { state: 'idle' },
      faults: intake.faults,
      flags: intake.flags,
      numbers: intake.numbers,
      acknowledged: kept?.acknowledged ?? [],
      closed: intake.submitted_at !== null || !OPEN.has(intake.visit_status),
    };
    if (kept && !this.state.closed) this.touch();
    if (this.state.closed) this.io.drop();
  }

  readonly snapshot = (): State => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * What the patient entered. The server's verdict on a changed field no longer holds; a path that
   * ends with a dot stands for all fields under it.
   */
  readonly change = (change: Change, path: string): void => {
    const draft = change(this.state.draft);
    if (same(draft, this.state.draft)) return;
    this.set({ draft, faults: this.state.faults.filter((fault) => !isUnder(fault.path, path)) });
    this.touch();
  };

  readonly goTo = (step: string): void => {
    if (step === this.state.step) return;
    this.set({ step });
    this.touch();
  };

  readonly acknowledge = (ids: readonly string[]): void => {
    this.set({ acknowledged: [...new Set([...this.state.acknowledged, ...ids])] });
    this.touch();
  };

  /** The server's word on what it would not accept. */
  readonly reject = (faults: readonly Fault[]): void => this.set({ faults });

  /** Another device may have saved: joins its work with ours. */
  readonly resync = (): Promise<boolean> => {
    this.edits++;
    return this.flush();
  };

  /** Saves what is not saved yet, now. True when the server has all of it. */
  readonly flush = async (): Promise<boolean> => {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.edits === this.savedEdits && this.state.version > 0) return true;
    this.running = this.save();
    const done = await this.running;
    this.running = null;
    if (done && this.edits !== this.savedEdits) return this.flush();
    return done;
  };

  stop(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private touch(): void {
    this.edits++;
    this.set({ saving: { state: 'saving' } });
    // At once: the tab may be gone before the pause is over, or the save never be answered.
    void this.keep();
    this.later(PAUSE_MS);
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), wait);
  }

  private async save(): Promise<boolean> {
    if (this.state.closed) return false;
    const { draft, step, version, acknowledged } = this.state;
    const edits = this.edits;
    this.set({ saving: { state: 'saving' } });
    try {
      const saved = await this.io.save({
        version,
        step,
        language: this.io.language(),
        draft: { ...draft, answers: this.io.asked(draft.answers) },
        acknowledged: [...acknowledged],
      });
      this.base = draft;
      this.savedEdits = edits;
      if (edits === this.edits) this.io.drop();
      else void this.keep();
      this.set({
        version: saved.version,
        saving:
          edits === this.edits
            ? { state: 'saved', at: saved.saved_at ?? new Date().toISOString() }
            : { state: 'saving' },
        faults: saved.faults,
        flags: saved.flags,
        numbers: saved.numbers,
      });
      return true;
    } catch (error) {
      return this.recover(error);
    }
  }

  private async recover(error: unknown): Promise<boolean> {
    const problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected');
    if (problem.code === 'stale' && problem.data.version !== this.state.version) {
      this.adopt(problem.data);
      return this.save();
    }
    if (problem.code === 'intake_closed') {
      this.set({ closed: true });
      return false;
    }
    if (problem.passes || problem.status === 401) {
      const kept = await this.keep();
      this.set({ saving: { state: kept ? 'local' : 'failed' } });
      if (problem.status !== 401) this.later(RETRY_MS);
      return false;
    }
    this.set({ saving: { state: 'failed' }, faults: problem.fields as Fault[] });
    return false;
  }

  /** Another device has saved: its changes join ours. */
  private adopt(data: Readonly<Record<string, unknown>>): void {
    const theirs = (data.draft as Draft | undefined) ?? this.base;
    const draft = merge(this.base, this.state.draft, theirs);
    this.base = theirs;
    this.set({ draft, version: Number(data.version) });
  }

  private keep(): Promise<boolean> {
    const { draft, step, acknowledged } = this.state;
    return this.io.keep({ base: this.base, draft, step, acknowledged: [...acknowledged] });
  }

  private set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function isUnder(path: string, changed: string): boolean {
  return path === changed || (changed.endsWith('.') && path.startsWith(changed));
}
