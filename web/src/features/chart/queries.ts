import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { drafts } from '@/lib/drafts/drafts';

type Schemas = components['schemas'];
export type ChartSummary = Schemas['ChartSummary'];
export type Note = Schemas['NoteOut'];
export type Measurement = Schemas['LoincTerm'];
export type Visit = Schemas['VisitOut'];

const DAY_MS = 24 * 60 * 60 * 1000;

/** A patient's chart at a glance. */
export const summaryQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'summary'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/summary', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });

/** How many others have the patient's name. */
export const namesakesQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'namesakes'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/namesakes', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });

export const visitQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId],
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}', { params: { path: { visit_id: visitId } } })),
  });

/** A visit's note to read. */
export const noteQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId, 'note'],
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}/note', { params: { path: { visit_id: visitId } } })),
  });

/** The note to write in: opening it makes it. Never fetched again while it is open; saves keep it true. */
export const openNoteQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId, 'note', 'open'],
    queryFn: async () => {
      const open = api.POST('/api/visits/{visit_id}/note', {
        params: { path: { visit_id: visitId } },
      });
      // Whoever can write is also kept when the network goes: the key for that comes with the note.
      const [note] = await Promise.all([take(open), drafts.prepare()]);
      return note;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What the patient told at intake, for the clinician. */
export const intakeQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId, 'intake'],
    queryFn: () =>
      take(
        api.GET('/api/visits/{visit_id}/intake/summary', {
          params: { path: { visit_id: visitId } },
        }),
      ),
  });

export const measurementsQuery = queryOptions({
  queryKey: ['terminology', 'measurements'],
  queryFn: () => take(api.GET('/api/terminology/measurements')),
  staleTime: DAY_MS,
});

export const diagnosesQuery = (typed: string) =>
  queryOptions({
    queryKey: ['terminology', 'icd10', typed],
    queryFn: () => take(api.GET('/api/terminology/icd10', { params: { query: { q: typed } } })),
    staleTime: DAY_MS,
    enabled: typed.trim().length > 1,
  });

export const patientsQuery = (typed: string) =>
  queryOptions({
    queryKey: ['patients', typed],
    queryFn: () => take(api.POST('/api/patients/search', { body: { q: typed } })),
  });

/** The after-visit summary as the patient reads it. */
export const afterVisitQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId, 'summary'],
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}/summary', { params: { path: { visit_id: visitId } } })),
  });
