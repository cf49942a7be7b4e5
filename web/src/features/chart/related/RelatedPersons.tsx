import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLive } from '@/lib/live/useLive';
import { useMay } from '@/lib/session/session';
import { Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { AddDialog } from './AddDialog';
import { ChildsAccount } from './ChildsAccount';
import { EndDialog } from './EndDialog';
import { RelatedRow } from './RelatedRow';
import { type Related, relatedQuery } from './related';
import { VerifyDialog } from './VerifyDialog';

interface RelatedPersonsProps {
  patientId: string;
}

/** Who may act for the patient and who did; whoever may, adds, verifies and ends. */
export default function RelatedPersons({ patientId }: RelatedPersonsProps) {
  const t = useTranslations('chart/related');
  const query = useQuery(relatedQuery(patientId));
  // Of this patient alone: each fetch is a look at the chart.
  useLive('related.changed', ({ ids }) => {
    if (ids.patient_id === patientId) void query.refetch();
  });
  return (
    <Section title={t('heading')}>
      <QueryState of={query}>
        {(related) => <Known patientId={patientId} related={related} />}
      </QueryState>
    </Section>
  );
}

type Doing = { verb: 'add' } | { verb: 'verify' | 'end'; relation: Related };

function Known({ patientId, related }: RelatedPersonsProps & { related: Related[] }) {
  const t = useTranslations('chart/related');
  const manages = useMay()('related.manage');
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const act = (verb: 'verify' | 'end') =>
    manages ? (relation: Related) => setDoing({ verb, relation }) : undefined;
  const now = related.filter((each) => !each.ended_at);
  const shared = now.find((each) => each.childs_account);
  const former = related.filter((each) => each.ended_at);
  return (
    <Stack gap="md">
      {shared && <ChildsAccount patientId={patientId} beside={shared} />}
      {now.length === 0 && <Text>{t('nobody')}</Text>}
      {now.length > 0 && (
        <Rows label={t('heading')}>
          {now.map((each) => (
            <RelatedRow key={each.id} relation={each} onVerify={act('verify')} onEnd={act('end')} />
          ))}
        </Rows>
      )}
      {manages && (
        <div>
          <Button variant="default" onClick={() => setDoing({ verb: 'add' })}>
            {t('add')}
          </Button>
        </div>
      )}
      {former.length > 0 && (
        <details>
          <summary>{t('former', { count: former.length })}</summary>
          <Rows label={t('formerLabel')}>
            {former.map((each) => (
              <RelatedRow key={each.id} relation={each} />
            ))}
          </Rows>
        </details>
      )}
      {doing?.verb === 'add' && (
        <AddDialog
          patientId={patientId}
          onClose={close}
          onAdded={(relation) => setDoing({ verb: 'verify', relation })}
        />
      )}
      {doing?.verb === 'verify' && (
        <VerifyDialog patientId={patientId} relation={doing.relation} onClose={close} />
      )}
      {doing?.verb === 'end' && (
        <EndDialog patientId={patientId} relation={doing.relation} onClose={close} />
      )}
    </Stack>
  );
}
