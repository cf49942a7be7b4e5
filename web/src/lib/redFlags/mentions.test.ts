import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Words } from './lexicon';
import { finder } from './mentions';

const root = join(import.meta.dirname, '../../../..');
const read = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const mentioned = finder({
  ...read<Words>('platform/intake/data/red_flag_words.json'),
  learned: read<Words['learned']>('platform/intake/data/red_flag_weights.json'),
});

interface Vector {
  text: string;
  facts: string[];
  asks: string[];
}

it('finds in every text of the shared table what the server finds', () => {
  const vectors = read<Vector[]>('tests/intake/words/vectors.json');
  const found = vectors.map(({ text, facts }) => ({
    text,
    facts,
    asks: [...mentioned([text], facts)].sort(),
  }));
  expect(found).toEqual(vectors);
});

it.each([
  ['a word', 'como'.repeat(24)],
  ['a longer one', 'password'.repeat(40)],
  ['a whole answer', 'password'.repeat(600)],
])('takes %s of known words without spaces apart in few steps', (_, word) => {
  expect([...mentioned([`${word}zzq`], [])]).toEqual([]);
});
