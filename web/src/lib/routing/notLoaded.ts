/**
 * Whether what went wrong is that a page's code or texts did not arrive: this device was offline, or
 * the server away for a moment. Each browser has its own words for it; nothing else tells.
 */
export function isNotLoaded(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}

const WORDS =
  /^not loaded|dynamically imported module|importing a module script failed|unable to preload css|load failed/i;

/**
 * The same import, in words of our own if it fails. On a browser's own words the router loads the address anew at once,
 * and while the server is away that leaves the browser's page for errors in place of ours.
 */
export const arriving =
  <T>(load: () => Promise<T>) =>
  () =>
    load().catch((error) => {
      throw isNotLoaded(error) ? new Error('not loaded', { cause: error }) : error;
    });
