import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useLive, useLiveQueries } from '@/lib/live/useLive';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { DrugSearch } from './DrugSearch';
import { DraftEditor } from './draft/DraftEditor';
import { type Drug, draftQuery, ofVisitQuery, PRESCRIPTIONS } from './model';
import classes from './Prescribing.module.css';
import { PrescriptionList } from './PrescriptionList';

interface PrescribeProps {
  visitId: string;
  patientId: string;
}

/** Prescribing in a visit: find a medicine, write it, sign it, and see it arrive. */
export default function Prescribe({ visitId, patientId }: PrescribeProps) {
  const t = useTranslations('chart/prescribing');
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  // After a draft is done the keyboard goes back to the search.
  const [back, setBack] = useState(false);
  const listed = useQuery(ofVisitQuery(visitId));
  useLiveQueries({ 'prescription.changed': PRESCRIPTIONS });
  // What speaks against a draft may be another now that the chart is.
  useLive('chart.changed', ({ ids }) => {
    if (open && ids.patient_id === patientId) {
      void client.invalidateQueries({ queryKey: draftQuery(open).queryKey });
    }
  });

  const begin = useAction({
    run: (drug: Drug, init) =>
      take(
        api.POST('/api/visits/{visit_id}/prescriptions', {
          params: { path: { visit_id: visitId } },
          body: { drug_id: drug.id, sig: drug.usual[0]?.sig ?? null },
          ...init,
        }),
      ),
    invalidates: [PRESCRIPTIONS],
    onDone: (draft) => {
      client.setQueryData(draftQuery(draft.line.id).queryKey, draft);
      setOpen(draft.line.id);
    },
  });
  const close = () => {
    setOpen(null);
    setBack(true);
    void client.invalidateQueries({ queryKey: PRESCRIPTIONS });
  };

  return (
    <div className={classes.panel}>
      {open ? (
        <DraftEditor id={open} patientId={patientId} onDone={close} />
      ) : (
        <DrugSearch onChoose={(drug) => begin.mutate(drug)} takesFocus={back} />
      )}
      <FormProblem of={begin.error} />
      <QueryState
        of={listed}
        empty={{
          when: (items) => items.length === 0 && !open,
          show: <Empty title={t('list.none')} hint={t('list.noneHint')} />,
        }}
      >
        {(items) => {
          const others = items.filter((line) => line.id !== open);
          return others.length === 0 ? null : (
            <PrescriptionList items={others} label={t('list.title')} onOpen={setOpen} />
          );
        }}
      </QueryState>
    </div>
  );
}
