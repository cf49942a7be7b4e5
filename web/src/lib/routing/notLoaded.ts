/**
 * Whether what went wrong is that a page's code or texts did not arrive: this device was offline, or
 * the server away for a moment. Each browser has its own words for it; nothing else tells.
 */
export function isNotLoaded(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}

const WORDS =
  /dynamically imported module|importing a module script failed|unable to preload css|load failed/i;
