import { readFileSync } from 'node:fs';
import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';

const CATALOGUE = /\/messages\/[a-z]{2}\.json$/;

type Tree = { [key: string]: string | Tree };

function compiled(tree: Tree): object {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string' ? compile(value) : compiled(value),
    ]),
  );
}

/**
 * Parses the ICU messages when the app is built, so that the parser (12 KB gzipped) stays out of
 * it. Goes with the alias of use-intl/format-message in vite.config.ts.
 */
export function compileMessages(): Plugin {
  return {
    name: 'carethread-messages',
    enforce: 'pre',
    load(id) {
      if (!CATALOGUE.test(id)) return undefined;
      this.addWatchFile(id);
      return JSON.stringify(compiled(JSON.parse(readFileSync(id, 'utf8')) as Tree));
    },
  };
}
