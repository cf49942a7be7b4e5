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
