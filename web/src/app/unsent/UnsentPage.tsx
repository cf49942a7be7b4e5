import type { ComponentType } from 'react';
import { useTranslations } from 'use-intl';
import { AddendumUnsentRow } from '@/features/chart/outbox/UnsentAddenda';
import { ChartUnsentRow } from '@/features/chart/outbox/UnsentInChart';
import { NewTaskUnsentRow, TaskUnsentRow } from '@/features/followup/outbox/UnsentDeeds';
import { UnsentRow as MessageUnsentRow } from '@/features/messaging/outbox/Unsent';
import { useUnsent } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { UnsentList } from '@/ui/unsent/UnsentList';

/** How each kind is drawn. */
// biome-ignore lint/suspicious/noExplicitAny: a row draws the letters of the kind under which it stands here
const ROWS: Readonly<Record<string, ComponentType<{ entry: Entry<any> }>>> = {
  message: MessageUnsentRow,
  thread: MessageUnsentRow,
  task: TaskUnsentRow,
  new_task: NewTaskUnsentRow,
  chart: ChartUnsentRow,
  addendum: AddendumUnsentRow,
};

/** Everything that whoever is signed in has done here and the clinic does not have. */
export default function UnsentPage() {
  const t = useTranslations('messaging/outbox.page');
  const entries = useUnsent();
  return (
    <Page title={t('title')} lead={t('lead')}>
      {entries.length === 0 && <Empty title={t('none')} />}
      <UnsentList>
        {entries.map((entry) => {
          const Row = ROWS[entry.item.letter.kind];
          return Row && <Row key={entry.item.id} entry={entry} />;
        })}
      </UnsentList>
    </Page>
  );
}
