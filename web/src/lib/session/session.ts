import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiProblem, readProblem } from '@/lib/api/problem';

export type Role = 'patient' | 'clinician' | 'coordinator' | 'admin' | 'guest';

export interface Clinic {
  slug: string;
  name: string;
  time_zone: string;
  /** The number to call in an emergency, as dialled where the clinic is (911). */
  emergency_number: string;
}

/** The signed-in person, as `GET /api/session` gives them. */
export interface Session {
  account_id: string;
  name: string;
  roles: Role[];
  locale: string;
  clinic: Clinic;
  patient_id: string | null;
  idle_expires_at: string;
  absolute_expires_at: string;
}

const CLINIC_KEY = 'carethread.clinic';

/** Null when nobody is signed in, so that a page can tell 'signed out' from 'no answer'. */
async function fetchSession(): Promise<Session | null> {
  const response = await fetch('/api/session', { credentials: 'same-origin' }).catch(() => {
    throw new ApiProblem(0, 'unreachable');
  });
  if (response.status === 401) return null;
  if (!response.ok) throw await readProblem(response);
  const session = (await response.json()) as Session;
  rememberClinic(session.clinic.slug);
  return session;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: fetchSession,
  staleTime: 60_000,
});

/** The signed-in person; null when nobody is, or while it is not known yet. */
export function useSession(): Session | null {
  return useQuery({ ...sessionQuery, enabled: false }).data ?? null;
}

/** For pages behind a sign-in, where there always is a person. */
export function usePerson(): Session {
  const session = useSession();
  if (!session) throw new ApiProblem(401, 'signed_out');
  return session;
}

export const isPatient = (session: Session): boolean => session.roles.includes('patient');
export const homeOf = (session: Session): '/home' | '/queue' | '/followup' | '/admin/people' => {
  if (isPatient(session)) return '/home';
  if (session.roles.includes('clinician')) return '/queue';
  return session.roles.includes('coordinator') ? '/followup' : '/admin/people';
};

/** The clinic last seen on this device (its public address, nothing about a person). */
export function rememberClinic(slug: string): void {
  try {
    localStorage.setItem(CLINIC_KEY, slug);
  } catch {
    // Without storage the sign-in page asks for the clinic.
  }
}

export function rememberedClinic(): string | null {
  try {
    return localStorage.getItem(CLINIC_KEY);
  } catch {
    return null;
  }
}
