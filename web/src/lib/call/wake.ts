/**
 * What a page is told, or notices, of its network and its sleep. `gone`: there is no network. `moved`:
 * there is one again, or another one, or the page was frozen; what was open may be dead without a word.
 * `back`: somebody looks at the page again, or its clock has jumped; what was open may be well.
 */
export type News = 'gone' | 'moved' | 'back';

/** A timer of a second that rings so late has slept, as under a closed lid. */
export const ASLEEP_MS = 8000;

/** Not in Safari and Firefox. `type` is not told on most desktops. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

export function watchWaking(signal: AbortSignal, tell: (news: News) => void): void {
  const on = (target: EventTarget, type: string, hear: (event: Event) => News | null) =>
    target.addEventListener(
      type,
      (event) => {
        const news = hear(event);
        if (news) tell(news);
      },
      { signal },
    );
  on(window, 'offline', () => 'gone');
  on(window, 'online', () => 'moved');
  on(document, 'resume', () => 'moved');
  on(window, 'pageshow', (event) => ((event as PageTransitionEvent).persisted ? 'moved' : null));
  on(document, 'visibilitychange', () => (document.hidden ? null : 'back'));
  const { connection } = navigator as { connection?: NetworkInformation };
  let kind = connection?.type;
  if (connection)
    on(connection, 'change', () => {
      const before = kind;
      kind = connection.type;
      return kind === before ? 'back' : 'moved';
    });
}
