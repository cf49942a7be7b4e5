import type { ApiProblem } from '@/lib/api/problem';
import type { Saving } from '@/ui/marks/SavedAt';
import { type Content, complete, same } from './content';
import { mergeNotes } from './merge';

/** What a save answers. */
export interface Saved {
  version: number;
  saved_at: string;
}

/** What is kept on this device: what was written, and what it was written on. */
export interface Draft {
  version: number;
  base: Content;
  mine: Content;
}

export interface NoteWorld {
  save: (version: number, content: Content) => Promise<Saved>;
  keepDraft: (draft: Draft) => Promise<boolean>;
  readDraft: () => Promise<Draft | null>;
  dropDraft: () => void;
}

export interface NoteState {
  content: Content;
  version: number;
  saving: Saving;
  /** Why the last save was refused: field problems stand beside their fields. */
  problem: ApiProblem | null;
  /** How often somebody else's changes were merged in; a screen says so when it rises. */
  merges: number;
}

const PAUSE_MS = 700;
const FIRST_RETRY_MS = 1_500;
const LAST_RETRY_MS = 30_000;

/**
 * A note being written. It saves itself shortly after typing pauses, one save at a time; it keeps an
 * encrypted draft on the device until the server has it; and when the server holds a newer version it
 * merges the two and goes on. Nothing here knows React.
 */
export class NoteSession {
  private listeners = new Set<() => void>();
  private base: Content;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sending: Promise<void> | null = null;
  private retryMs = FIRST_RETRY_MS;
  private savedAt: string;
  private state: NoteState;

  constructor(
    note: { content: Content; version: number; saved_at: string },
    private readonly world: NoteWorld,
  ) {
    this.base = note.content;
    this.savedAt = note.saved_at;
    this.state = {
      content: note.content,
      version: note.version,
      saving: { state: 'saved', at: note.saved_at },
      problem: null,
      merges: 0,
    };
  }

  readonly snapshot = (): NoteState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get unsaved(): boolean {
    return !same({ ...this.state.content, typed: {} }, { ...this.base, typed: {} });
  }

  /** Takes up what an earlier page left on this device, merged with what the server has by now. */
  async recover(): Promise<void> {
    const draft = await this.world.readDraft();
    if (!draft) return;
    const merged = mergeNotes(draft.base, draft.mine, this.state.content);
    if (same(merged, this.state.content)) this.world.dropDraft();
    else this.edit(merged);
  }

  /** What the person has just written. */
  edit(content: Content): void {
    this.state = { ...this.state, content, problem: null };
    // What is only typed, and what was taken back at once, has nothing to be saved.
    const quiet = !this.unsaved && this.sending === null;
    this.publish({ saving: quiet ? { state: 'saved', at: this.savedAt } : { state: 'saving' } });
    void this.world.keepDraft(this.draft());
    this.schedule(PAUSE_MS);
  }

  /** Saves now, and waits until nothing is left to save or a save has failed. True when all is saved. */
  async flush(): Promise<boolean> {
    this.cancelTimer();
    await this.sending;
    if (this.unsaved) await this.send();
    return !this.unsaved;
  }

  /** Goes on from the version that the server has by now, with what is written here merged in. */
  follow(version: number, theirs: Content): void {
    const content = mergeNotes(this.base, this.state.content, theirs);
    this.base = theirs;
    this.publish({ content, version });
  }

  /** The network is back: no need to wait for the next try. */
  readonly online = (): void => {
    if (this.unsaved) this.schedule(0);
  };

  close(): void {
    this.cancelTimer();
    this.listeners.clear();
  }

  private draft(): Draft {
    return { version: this.state.version, base: this.base, mine: this.state.content };
  }

  private schedule(ms: number): void {
    this.cancelTimer();
    this.timer = setTimeout(() => void this.send(), ms);
  }

  private cancelTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private send(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    this.cancelTimer();
    while (this.unsaved) {
      const { version, content } = this.state;
      try {
        const saved = await this.world.save(version, content);
        this.accept(content, saved);
      } catch (error) {
        if (!this.refused(error as ApiProblem)) return;
      }
    }
  }

  private accept(content: Content, saved: Saved): void {
    this.base = content;
    this.retryMs = FIRST_RETRY_MS;
    this.publish({ version: saved.version, problem: null });
    if (this.unsaved) return;
    this.allSaved(saved.saved_at);
  }

  private allSaved(at: string): void {
    this.savedAt = at;
    const waits = Object.keys(this.state.content.typed).length > 0;
    if (waits) void this.world.keepDraft(this.draft());
    else this.world.dropDraft();
    this.publish({ saving: { state: 'saved', at } });
  }

  /** True when the save can go on at once, with what somebody else wrote merged in. */
  private refused(problem: ApiProblem): boolean {
    if (problem.code === 'note_stale') {
      const theirs = complete(problem.data.content as Parameters<typeof complete>[0]);
      this.follow(problem.data.version as number, theirs);
      this.publish({ merges: this.state.merges + 1 });
      if (this.unsaved) return true;
      this.allSaved(problem.data.saved_at as string);
      return false;
    }
    if (problem.passes) {
      void this.keepLocally();
      this.schedule(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
      return false;
    }
    this.publish({ saving: { state: 'failed' }, problem });
    return false;
  }

  private async keepLocally(): Promise<void> {
    const kept = await this.world.keepDraft(this.draft());
    if (this.unsaved) this.publish({ saving: { state: kept ? 'local' : 'failed' } });
  }

  private publish(change: Partial<NoteState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
