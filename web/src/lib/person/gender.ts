/** What may be chosen, as the API has it; `unknown` is 'not recorded'. */
export const BIRTH_SEXES = ['unknown', 'female', 'male', 'other', 'declined'] as const;
export const CLINICAL_SEXES = ['unknown', 'female', 'male', 'specified', 'declined'] as const;
export const GENDER_IDENTITIES = [
  'unknown',
  'woman',
  'man',
  'trans_woman',
  'trans_man',
  'non_binary',
  'other',
  'declined',
] as const;
export const PRONOUNS = ['unknown', 'she', 'he', 'they', 'other', 'declined'] as const;

export type GenderIdentity = (typeof GENDER_IDENTITIES)[number];
export type Pronouns = (typeof PRONOUNS)[number];

/** What the legal sex says of doses and questions, as `identity.person.gender.clinical_from` has it. */
export const clinicalFrom = (sex: string): (typeof CLINICAL_SEXES)[number] =>
  sex === 'female' || sex === 'male' || sex === 'declined' ? sex : 'unknown';
