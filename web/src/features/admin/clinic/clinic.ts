import type { components } from '@/lib/api/schema';

export type Clinic = components['schemas']['ClinicOut'];
export type ClinicForm = components['schemas']['ClinicForm'];
export type Settings = Required<components['schemas']['ClinicSettings']>;
export type Consent = components['schemas']['ConsentOut'];

export const CLINIC = ['admin', 'clinic'] as const;
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
