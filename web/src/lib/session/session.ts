import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, speakFor, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';

export type Role = 'patient' | 'clinician' | 'coordinator' | 'admin' | 'privacy' | 'guest';

/** The signed-in person, as `GET /api/session` gives them. */
export type Session = components['schemas']['SessionOut'];

const CLINIC_KEY = 'carethread.clinic';

/** Null when nobody is signed in, so that a page can tell 'signed out' from 'no answer'. */
async function fetchSession(): Promise<Session | null> {
  try {
    const session = await take(api.GET('/api/session'));
    speakFor(session.account_id, isPatient(session) ? session.patient_id : null);
    rememberClinic(session.clinic.slug);
    return session;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
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

/** Whether the person's roles allow something: `useMay()('visit.admit')`. The API decides anyway. */
export function useMay(): (permission: string) => boolean {
  const session = useSession();
  return (permission) => session?.permissions.includes(permission) ?? false;
}

export const isPatient = (session: Session): boolean => session.roles.includes('patient');
export const homeOf = (
  session: Session,
): '/home' | '/queue' | '/followup' | '/admin/people' | '/privacy' => {
  if (isPatient(session)) return '/home';
  if (session.roles.includes('clinician')) return '/queue';
  if (session.roles.includes('coordinator')) return '/followup';
  return session.roles.includes('admin') ? '/admin/people' : '/privacy';
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
