import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

type Schemas = components['schemas'];
export type Version = Schemas['RecordVersionOut'];
export type Change = Schemas['RecordChange'];
export type ShownValue = Schemas['ShownValue'];
export type TakenBack = Schemas['InErrorLine'];
export type Measured = Schemas['MeasuredLine'];

/** Every version of a record, oldest first. */
export const historyQuery = (patientId: string, recordId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'history', recordId],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/records/{record_id}/history', {
          params: { path: { patient_id: patientId, record_id: recordId } },
        }),
      ),
  });

/** What was entered in error and taken back. */
export const inErrorQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'in-error'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/records/in-error', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });

/** Every value of a measurement, newest first. */
export const measuredQuery = (patientId: string, code: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'measurements', code],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/measurements/{code}', {
          params: { path: { patient_id: patientId, code } },
        }),
      ),
  });
