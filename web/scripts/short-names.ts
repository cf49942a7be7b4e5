import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Gives the classes of the built style sheets names without words: each stands in the scripts too, on
 * the way to the call. While one develops they keep theirs.
 */
export function shortNames(): Plugin {
  const known = new Map<string, string[]>();
  return {
    name: 'carethread-short-names',
    apply: 'build',
    config: ({ root = '.' }) => ({
      css: {
        modules: {
          generateScopedName(name, file) {
            const path = relative(root, file);
            const names = known.get(path) ?? [];
            if (!names.includes(name)) known.set(path, [...names, name]);
            const place = names.includes(name) ? names.indexOf(name) : names.length;
            const sheet = createHash('sha256').update(path).digest('base64url').slice(0, 4);
            return `_${sheet}${place.toString(36)}`;
          },
        },
      },
    }),
  };
}
