import type { components } from '@/lib/api/schema';

export type Person = components['schemas']['PersonOut'];
export type Invited = components['schemas']['InvitedOut'];
export type Role = components['schemas']['PersonForm']['roles'][number];

export const ROLES = ['clinician', 'coordinator', 'admin', 'privacy'] as const;
export const STATUSES = ['active', 'invited', 'disabled'] as const;
/** The list of people, whatever it was narrowed to. */
export const PEOPLE = ['admin', 'people'] as const;
export const PEOPLE_CHANGES = { 'people.changed': PEOPLE, 'confirmations.changed': PEOPLE };

/** The link for the administrator to hand over, where no e-mail leaves the clinic. */
export const linkOf = (answer: Person | Invited): string | null =>
  'link' in answer ? answer.link : null;
