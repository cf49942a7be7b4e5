import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Condition, type Facts, holds } from './holds';

/** The one table of cases that holds the evaluator here and the server's together. */
interface Vector {
  name: string;
  when: Condition;
  facts: Facts;
  holds: boolean;
}

const table = join(import.meta.dirname, '../../../../tests/core/rules/vectors.json');
const vectors = JSON.parse(readFileSync(table, 'utf8')) as Vector[];

it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  expect(holds(vector.when, vector.facts)).toBe(vector.holds);
});

it('leaves a condition of a newer release to the server', () => {
  expect(holds({ op: 'newer', fact: 'fever' } as never, { fever: '38' })).toBe(false);
});
