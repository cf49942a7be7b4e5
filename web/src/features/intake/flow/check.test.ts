import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Words } from '@/lib/redFlags/lexicon';
import { finder } from '@/lib/redFlags/mentions';
import { emptyDraft } from '../draft/testing';
import { type FhirQuestionnaire, readQuestionnaire } from '../rules/fhir';
import { forPerson } from '../rules/questionnaire';
import { type Rule, triage } from '../rules/redFlags';
import { checkDraft } from './check';
import { placeOf, shows, stepsOf } from './steps';

const root = join(import.meta.dirname, '../../../../..');
const read = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const data = 'platform/intake/data';
const FACTS = { years: 40, months: 480, days: 14_610, sex: 'male' };
const followUp = forPerson(
  readQuestionnaire(read<FhirQuestionnaire>(`${data}/questionnaires/follow-up.json`)),
  FACTS,
);
const redFlags = {
  rules: read<{ rules: Rule[] }>(`${data}/red_flags.json`).rules,
  mentioned: finder({
    ...read<Words>(`${data}/red_flag_words.json`),
    learned: read<Words['learned']>(`${data}/red_flag_weights.json`),
  }),
};

const judged = (answers: Record<string, string>) => triage(redFlags, followUp, answers, FACTS);
const paths = (draft: ReturnType<typeof emptyDraft>) =>
  checkDraft(draft, followUp, triage(redFlags, followUp, draft.answers, FACTS), '2026-11-20').map(
    (fault) => fault.path,
  );

describe('what is missing in the document', () => {
  it('is named in the order of the steps, as the server names it', () => {
    expect(paths(emptyDraft())).toEqual([
      'identity.confirmed',
      'location.line',
      'location.city',
      'location.state',
      'location.zip',
      'contact.callback_phone',
      'contact.reach_by',
      'answers.safety.now',
      'answers.follow.about',
      'answers.trend',
      'answers.follow.medicine',
      'answers.follow.new',
      'no_allergies',
      'no_medicines',
      'pharmacy.id',
      'consent.agreed',
      'consent.signature',
    ]);
  });

  it('leaves state and ZIP code out abroad', () => {
    const abroad = emptyDraft();
    abroad.location.country = 'MX';
    expect(paths(abroad)).not.toContain('location.zip');
  });

  it('wants each entry of the record confirmed, and no list beside none', () => {
    const entry = { key: 'a', substance: 'Latex', reaction: '', severity: '' as const };
    const open = emptyDraft({ allergies: [{ ...entry, status: '' }] });
    expect(paths(open)).toContain('allergies.a.status');
    const both = emptyDraft({ allergies: [{ ...entry, status: 'confirmed' }], no_allergies: true });
    expect(paths(both)).toContain('no_allergies');
  });
});

describe('the adult with a child', () => {
  const ana = { relation_id: 'r1', name: 'Ana', relationship: 'MTH', oneself: false } as const;
  const missing = (
    adult: Partial<ReturnType<typeof emptyDraft>['adult']>,
    phone_known = true,
    answers: Record<string, unknown> = {},
  ) => {
    const draft = emptyDraft({ answers: answers as never });
    draft.adult = { ...draft.adult, ...adult };
    const judged = triage(redFlags, followUp, draft.answers, FACTS);
    return checkDraft(draft, followUp, judged, '2026-11-20', [{ ...ana, phone_known }])
      .map(({ path }) => path)
      .filter((path) => path.startsWith('adult.'));
  };

  it('is named, or chosen of those whom the clinic knows', () => {
    expect(missing({})).toEqual(['adult.name', 'adult.relationship', 'adult.phone']);
    expect(missing({ relation_id: 'r1' })).toEqual([]);
    expect(missing({ relation_id: 'r1' }, false)).toEqual(['adult.phone']);
    expect(missing({ relation_id: 'r1', phone_given: true }, false)).toEqual([]);
    expect(missing({ relation_id: 'gone' })).toEqual(['adult.relation_id']);
  });

  it('keeps no child in danger waiting', () => {
    expect(missing({}, true, { 'safety.now': ['breathing'] })).toEqual([]);
  });

  it('has a screen for a child alone', () => {
    const ids = (child: boolean) => stepsOf(followUp, {}, judged({}), child).map((step) => step.id);
    expect(ids(true).slice(0, 3)).toEqual(['identity', 'adult', 'location']);
    expect(ids(false)).not.toContain('adult');
  });
});

describe('the screens', () => {
  it('ask to be sure only when the words call for it', () => {
    const calm = stepsOf(followUp, {}, judged({}));
    expect(calm.map((step) => step.id)).not.toContain('ask:follow.what');
    const answers = { 'follow.about': 'chest pain' };
    expect(stepsOf(followUp, answers, judged(answers)).map((step) => step.id)).toContain(
      'ask:follow.what',
    );
  });

  it('show every field that can be wrong, each on one screen', () => {
    const answers = { 'follow.about': 'chest pain' };
    const steps = stepsOf(followUp, answers, judged(answers));
    for (const path of [...paths(emptyDraft({ answers })), 'answers.ask.chest_pain']) {
      expect(steps.filter((step) => shows(step, path)).map((step) => step.id)).toHaveLength(1);
    }
  });

  it('begin at the first one where the saved one is no longer asked', () => {
    expect(placeOf(stepsOf(followUp, {}, judged({})), 'ask:follow.what')).toBe(0);
  });
});
