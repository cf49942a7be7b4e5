const EVERY_MS = 1_000;

/**
 * Lets the tab's title alternate with a message until somebody looks at the page. Returns a way to
 * stop at once.
 */
export function flashTitle(message: string): () => void {
  const { title } = document;
  let shown = false;
  const timer = setInterval(() => {
    shown = !shown;
    document.title = shown ? message : title;
  }, EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    if (document.title === message) document.title = title;
    document.removeEventListener('visibilitychange', whenSeen);
    window.removeEventListener('focus', stop);
    window.removeEventListener('pointerdown', stop);
    window.removeEventListener('keydown', stop);
  };
  const whenSeen = () => {
    if (document.visibilityState === 'visible') stop();
  };
  document.title = message;
  document.addEventListener('visibilitychange', whenSeen);
  window.addEventListener('focus', stop);
  window.addEventListener('pointerdown', stop);
  window.addEventListener('keydown', stop);
  return stop;
}
