import { api } from '@/lib/api/client';

/** Acts for this patient from now on, in every tab: the page begins anew, on its home. */
export async function actFor(patient_id: string): Promise<void> {
  await api.POST('/api/session/acting-for', { body: { patient_id } });
  window.location.assign('/home');
}
