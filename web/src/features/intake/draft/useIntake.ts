import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { api, take } from '@/lib/api/client';
import { drafts } from '@/lib/drafts/drafts';
import { catalogues } from '@/lib/i18n/catalogues';
import { redFlagsQuery } from '@/lib/redFlags/query';
import { type Intake, questionnaireOf } from '../model';
import type { Answers } from '../rules/questionnaire';
import { askedOnly, type RedFlags } from '../rules/redFlags';
import { IntakeStore, type Kept } from './store';

export interface Loaded {
  intake: Intake;
  redFlags: RedFlags;
  kept: Kept | null;
}

const nameOf = (visitId: string) => `intake.${visitId}`;

/** The form as the server has it, with what this device kept of it. Fetched once a visit to the page. */
const intakeQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['intake', visitId],
    queryFn: async ({ client }): Promise<Loaded> => {
      const [intake, redFlags] = await Promise.all([
        take(api.GET('/api/visits/{visit_id}/intake', { params: { path: { visit_id: visitId } } })),
        client.ensureQueryData(redFlagsQuery),
        drafts.prepare(),
      ]);
      // The words around the adult who is with a child, which nobody else needs.
      if (intake.adults) await catalogues.load('profile/relations');
      return {
        intake: intake as Intake,
        redFlags: redFlags as RedFlags,
        kept: await drafts.read<Kept>(nameOf(visitId)),
      };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });

export function useIntake(visitId: string) {
  return useQuery(intakeQuery(visitId));
}

/** The form on this device, for as long as the page is open. */
export function useIntakeStore({ intake, redFlags, kept }: Loaded): IntakeStore {
  const questionnaire = useMemo(() => questionnaireOf(intake), [intake]);
  const [store] = useState(
    () =>
      new IntakeStore(intake, kept, {
        asked: (answers) => askedOnly(redFlags, questionnaire, answers as Answers, intake.facts),
        save: (body) =>
          take(
            api.PUT('/api/visits/{visit_id}/intake', {
              params: { path: { visit_id: intake.visit_id } },
              body,
              // A page that is being left may still finish its save.
              keepalive: document.visibilityState === 'hidden',
            }),
          ),
        keep: (value) => drafts.keep(nameOf(intake.visit_id), value),
        drop: () => drafts.drop(nameOf(intake.visit_id)),
        language: () => catalogues.snapshot().locale,
      }),
  );
  useEffect(() => {
    const flush = () => void store.flush();
    const leaving = () => document.visibilityState === 'hidden' && flush();
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', leaving);
    return () => {
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', leaving);
      flush();
    };
  }, [store]);
  return store;
}

export const useStoreState = (store: IntakeStore) =>
  useSyncExternalStore(store.subscribe, store.snapshot);
