import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const WEB = resolve(import.meta.dirname, '../..');

const files: readonly (readonly [path: string, text: string])[] = readdirSync(join(WEB, 'src'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((path) => /\.(ts|tsx|css)$/.test(path) && !/\.test\./.test(path))
  .map((path) => [`/src/${path}`, readFileSync(join(WEB, 'src', path), 'utf8')]);

/** The files whose text matches, by path. */
const where = (inside: RegExp, matches: (path: string, text: string) => boolean) =>
  files.filter(([path, text]) => inside.test(path) && matches(path, text)).map(([path]) => path);

describe('the layers of the web app', () => {
  it('lets no feature import another', () => {
    const offenders = where(/^\/src\/features\//, (path, text) => {
      const own = path.split('/')[3];
      return [...text.matchAll(/from '@\/features\/([\w-]+)/g)].some(([, other]) => other !== own);
    });
    expect(offenders).toEqual([]);
  });

  it('keeps components and libraries beneath features and the app', () => {
    const offenders = where(/^\/src\/(ui|lib)\//, (_path, text) =>
      /from '@\/(features|app)\//.test(text),
    );
    expect(offenders).toEqual([]);
  });

  it('keeps React out of the call engine', () => {
    expect(where(/^\/src\/lib\/call\//, (_path, text) => /from 'react/.test(text))).toEqual([]);
  });

  it('keeps every file short enough to read', () => {
    const long = files.filter(
      ([path, text]) => !path.endsWith('/schema.d.ts') && text.split('\n').length > 400,
    );
    expect(long.map(([path]) => path)).toEqual([]);
  });
});

describe('links', () => {
  it('lead where the compiler can see: Mantine hands a `to` on unread', () => {
    const handedOn = where(/\.tsx$/, (_path, text) => /component=\{Link\}/.test(text));
    expect(handedOn).toEqual([]);
    const users = where(/\.tsx$/, (_path, text) => /<Link \{\.\.\.props\}/.test(text));
    expect(users).toEqual(['/src/ui/links/LinkButton.tsx', '/src/ui/links/MenuLink.tsx']);
  });

  it('name a page of the router, not a string put together', () => {
    expect(where(/\.tsx?$/, (_path, text) => /\bto(=\{|: )`\//.test(text))).toEqual([]);
  });
});

describe('numbers', () => {
  it('are typed into one kind of field, which loses no key', () => {
    const others = /<NumberInput|type="number"|parseFloat\((?!getComputedStyle)|parseInt\(/;
    expect(where(/\.tsx?$/, (_path, text) => others.test(text))).toEqual([]);
  });
});

describe('the content security policy', () => {
  it('is kept: nothing uses what makes Mantine write a style element', () => {
    const offenders = where(/\.tsx$/, (_path, text) =>
      /\{\{\s*base:|hiddenFrom=|visibleFrom=|<AppShell|dangerouslySetInnerHTML|<style/.test(text),
    );
    expect(offenders).toEqual([]);
  });
});

describe('what can leak', () => {
  it('keeps no token or answer in local storage by hand', () => {
    const allowed = ['/src/lib/i18n/locale.ts', '/src/lib/session/session.ts'];
    const users = where(/\.tsx?$/, (_path, text) => /localStorage\.setItem/.test(text));
    expect(users.filter((path) => !allowed.includes(path))).toEqual([]);
  });
});
