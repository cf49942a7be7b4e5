import type { components } from '@/lib/api/schema';

export type Asked = components['schemas']['CodeAsked'];
export type Accepted = components['schemas']['CodeAccepted'];

/** What one typed, kept so that 'Not yours?' does not make one type it again. */
export interface Typed {
  by: 'phone' | 'email';
  contact: string;
}
