import type { Draft, Intake } from '../model';
import { check, type Fault, isBlank, type Questionnaire } from '../rules/questionnaire';
import { askPath, type Triage } from '../rules/redFlags';

/*
 * What is missing or wrong in the document as far as this device can tell, in the order of the
 * steps. Phone numbers and ZIP codes are for the server to judge: its verdict comes with every
 * save.
 */
export function checkDraft(
  draft: Draft,
  questionnaire: Questionnaire,
  triage: Triage,
  today: string,
  adults: Intake['adults'] = null,
): Fault[] {
  const { identity, location, contact, pharmacy, consent } = draft;
  const place = location.country === 'US' ? ['line', 'city', 'state', 'zip'] : ['line', 'city'];
  return [
    ...missing('identity.confirmed', identity.confirmed),
    ...(identity.confirmed === 'no' ? missing('identity.note', identity.note) : []),
    ...(adults && triage.flags.length === 0 ? checkAdult(draft.adult, adults) : []),
    ...place.flatMap((name) =>
      missing(`location.${name}`, location[name as 'line' | 'city' | 'state' | 'zip']),
    ),
    ...missing('contact.callback_phone', contact.callback_phone),
    ...missing('contact.reach_by', contact.reach_by),
    ...check(questionnaire, draft.answers, today, true).map((fault) => ({
      ...fault,
      path: `answers.${fault.path}`,
    })),
    ...triage.asks.flatMap((rule) =>
      missing(`answers.${askPath(rule)}`, draft.answers[askPath(rule)]),
    ),
    ...checkList('allergies', draft.allergies, draft.no_allergies),
    ...checkList('medicines', draft.medicines, draft.no_medicines),
    ...(pharmacy.id ? [] : missing('pharmacy.id', pharmacy.name)),
    ...(consent.agreed ? [] : [{ path: 'consent.agreed', code: 'required' }]),
    ...missing('consent.signature', consent.signature),
  ];
}

/** Of somebody whom the clinic knows it lacks at most the number. Nobody in danger waits until an adult is named. */
function checkAdult(adult: Draft['adult'], known: NonNullable<Intake['adults']>): Fault[] {
  const chosen = known.find(({ relation_id }) => relation_id === adult.relation_id);
  if (adult.relation_id && !chosen) return [{ path: 'adult.relation_id', code: 'adult_gone' }];
  const phone = adult.phone_given || chosen?.phone_known ? [] : missing('adult.phone', adult.phone);
  if (chosen) return phone;
  return [
    ...missing('adult.name', adult.name),
    ...missing('adult.relationship', adult.relationship),
    ...phone,
  ];
}

function missing(path: string, value: unknown): Fault[] {
  return isBlank(value) ? [{ path, code: 'required' }] : [];
}

type Entry = Draft['allergies'][number] | Draft['medicines'][number];

function checkList(name: string, entries: readonly Entry[], none: boolean): Fault[] {
  const faults = entries.flatMap((entry) => {
    const field = 'substance' in entry ? 'substance' : 'name';
    const text = 'substance' in entry ? entry.substance : entry.name;
    if (!entry.status) return [{ path: `${name}.${entry.key}.status`, code: 'required' }];
    return missing(`${name}.${entry.key}.${field}`, text);
  });
  const left = entries.filter((entry) => entry.status !== 'removed');
  if (left.length === 0 && !none && faults.length === 0) {
    faults.push({ path: `no_${name}`, code: 'required' });
  }
  if (left.length > 0 && none) faults.push({ path: `no_${name}`, code: 'contradiction' });
  return faults;
}
