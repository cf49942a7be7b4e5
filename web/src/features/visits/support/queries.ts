import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { pathOf } from '../model';

type Schemas = components['schemas'];
export type Connection = Schemas['ConnectionOut'];
export type Attempt = Schemas['AttemptOut'];
export type Sample = Schemas['SampleOut'];
export type Drop = Schemas['DropOut'];
export type Health = Schemas['Health'];
export type WorstVisit = Schemas['WorstVisit'];

export const DAYS = [1, 7, 30, 90] as const;

export const healthQuery = (days: number) =>
  queryOptions({
    queryKey: ['calls', 'health', days],
    queryFn: () => take(api.GET('/api/calls/health', { params: { query: { days } } })),
    staleTime: 0,
  });

export const connectionQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['calls', visitId],
    queryFn: () => take(api.GET('/api/visits/{visit_id}/connection', pathOf(visitId))),
    staleTime: 0,
  });
