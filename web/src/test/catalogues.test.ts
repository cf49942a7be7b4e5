import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import type { Messages } from '@/lib/i18n/messages';

const texts = import.meta.glob<string>(
  ['/src/lib/i18n/messages/*.json', '/src/features/**/messages/*.json'],
  { query: '?raw', import: 'default', eager: true },
);
const catalogues: Record<string, Messages> = Object.fromEntries(
  Object.entries(texts).map(([path, text]) => [path, JSON.parse(text)]),
);

type Entry = [key: string, text: string];

function entries(messages: Messages, prefix = ''): Entry[] {
  return Object.entries(messages).flatMap(([key, value]): Entry[] =>
    typeof value === 'string' ? [[prefix + key, value]] : entries(value, `${prefix}${key}.`),
  );
}

/** Names of the arguments and tags that a text takes: `{count, plural, ...}`, `<link>`. */
function holes(text: string): string[] {
  const names = new Set<string>();
  const walk = (nodes: unknown): void => {
    if (Array.isArray(nodes)) for (const node of nodes) walk(node);
    else if (nodes && typeof nodes === 'object') {
      const { type, value, options, children } = nodes as Record<string, unknown>;
      if (type !== 0 && type !== 7 && typeof value === 'string') names.add(value);
      for (const option of Object.values((options ?? {}) as Record<string, { value: unknown }>)) {
        walk(option.value);
      }
      walk(children);
    }
  };
  walk(IntlMessageFormat.__parse?.(text, { ignoreTag: false }));
  return [...names].sort();
}

const places = Object.keys(catalogues)
  .filter((path) => path.endsWith('/en.json'))
  .map((path) => path.replace(/\/en\.json$/, ''));

describe.each(places)('%s', (place) => {
  const english = entries(catalogues[`${place}/en.json`] ?? {});
  const spanish = new Map(entries(catalogues[`${place}/es.json`] ?? {}));

  it('says everything in both languages', () => {
    expect([...spanish.keys()].sort()).toEqual(english.map(([key]) => key).sort());
  });

  it('leaves no text empty', () => {
    const empty = [...english, ...spanish].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('takes the same arguments in both languages', () => {
    const differing = english.filter(
      ([key, text]) => holes(text).join() !== holes(spanish.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });
});
