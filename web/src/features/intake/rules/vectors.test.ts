import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Words } from '@/lib/redFlags/lexicon';
import { finder } from '@/lib/redFlags/mentions';
import { type FhirQuestionnaire, readQuestionnaire } from './fhir';
import { type Answers, check, enabled, type Facts, forPerson, values } from './questionnaire';
import { type Rule, triage } from './redFlags';

/** The one table of cases that holds the rules here and those on the server together. */
interface Vector {
  name: string;
  reason: string;
  answers: Answers;
  age: number;
  months?: number;
  days?: number;
  sex?: string;
  complete: boolean;
  asked?: string[];
  not_asked?: string[];
  faults: [string, string][];
  flags: string[];
  asks: string[];
  values?: Record<string, number>;
}

const root = join(import.meta.dirname, '../../../../..');
const read = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const vectors = read<Vector[]>('tests/intake/vectors.json');
const redFlags = {
  rules: read<{ rules: Rule[] }>('platform/intake/data/red_flags.json').rules,
  mentioned: finder({
    ...read<Words>('platform/intake/data/red_flag_words.json'),
    learned: read<Words['learned']>('platform/intake/data/red_flag_weights.json'),
  }),
};

const factsOf = ({ age, months = age * 12, days = age * 365, sex = 'unknown' }: Vector): Facts => ({
  years: age,
  months,
  days,
  sex,
});

describe('the shared table of cases', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const path = `platform/intake/data/questionnaires/${vector.reason}.json`;
    const facts = factsOf(vector);
    const questionnaire = forPerson(readQuestionnaire(read<FhirQuestionnaire>(path)), facts);
    const { answers } = vector;
    const asked = enabled(questionnaire, answers).map((item) => item.linkId);
    expect(asked).toEqual(expect.arrayContaining(vector.asked ?? []));
    expect(asked.filter((linkId) => vector.not_asked?.includes(linkId))).toEqual([]);
    const faults = check(questionnaire, answers, '2026-11-20', vector.complete);
    expect(faults.map(({ path: where, code }) => [where, code])).toEqual(vector.faults);
    const found = triage(redFlags, questionnaire, answers, facts);
    expect(found.flags.map((rule) => rule.id)).toEqual(vector.flags);
    expect(found.asks.map((rule) => rule.id)).toEqual(vector.asks);
    expect(values(questionnaire, answers)).toMatchObject(vector.values ?? {});
  });
});
