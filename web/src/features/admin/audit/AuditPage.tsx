import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ErrorText } from '@/lib/errors/ErrorText';
import { FormProblem } from '@/lib/errors/FormProblem';
import { focusFirstError } from '@/lib/errors/useForm';
import { usePerson } from '@/lib/session/session';
import { dayEnd, dayStart } from '@/lib/time/days';
import { More } from '@/ui/page/More';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import classes from '../AdminPage.module.css';
import { AuditAlerts } from './AuditAlerts';
import { AuditTable } from './AuditTable';
import { ACTIONS, periodProblems, saveFile } from './audit';

const NOTHING = { who: '', patient: '', action: '', from: '', to: '' };
type Typed = typeof NOTHING;

/** Who did or saw what, of whom, and when. Looking is itself written down. */
export default function AuditPage() {
  const t = useTranslations('admin.audit');
  const { clinic } = usePerson();
  const [typed, setTyped] = useState(NOTHING);
  const [wanted, setWanted] = useState(NOTHING);
  const filter = (form: Typed) => ({
    who: form.who.trim(),
    patient: form.patient.trim(),
    action: form.action,
    ...(form.from && { since: dayStart(form.from, clinic.time_zone) }),
    ...(form.to && { until: dayEnd(form.to, clinic.time_zone) }),
  });
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit', wanted],
    queryFn: ({ pageParam }) =>
      take(
        api.POST('/api/admin/audit/search', {
          body: { ...filter(wanted), ...(pageParam && { before: pageParam }) },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const set = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  const [wrong, setWrong] = useState<Partial<Typed>>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if ((wrong.from || wrong.to) && form.current) focusFirstError(form.current);
  }, [wrong]);
  const search = (event: FormEvent) => {
    event.preventDefault();
    const days = form.current?.querySelectorAll<HTMLInputElement>('input[type=date]') ?? [];
    const unread = [...days].filter(({ validity }) => validity.badInput).map(({ name }) => name);
    const found = periodProblems(typed, unread);
    setWrong(found);
    if (!found.from && !found.to) setWanted(typed);
  };
  const show = (who: string) => {
    const refusals = { ...NOTHING, who, action: 'access.' };
    setWrong({});
    setTyped(refusals);
    setWanted(refusals);
  };
  const download = useAction({
    run: (form: Typed, init) =>
      take(api.POST('/api/admin/audit/export', { body: filter(form), parseAs: 'blob', ...init })),
    onDone: (csv) => saveFile(csv, 'audit.csv'),
  });
  return (
    <AdminPage
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button
          variant="default"
          loading={download.isPending}
          onClick={() => download.mutate(wanted)}
          leftSection={<IconDownload size={18} aria-hidden />}
        >
          {t('export')}
        </Button>
      }
    >
      <AuditAlerts onShow={show} />
      <search>
        <FormProblem of={download.error} />
        <form ref={form} noValidate className={classes.filters} onSubmit={search}>
          <TextInput
            label={t('who')}
            description={t('whoHint')}
            maxLength={200}
            value={typed.who}
            onChange={(event) => set({ who: event.currentTarget.value })}
          />
          <TextInput
            label={t('patient')}
            description={t('patientHint')}
            maxLength={200}
            value={typed.patient}
            onChange={(event) => set({ patient: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('action')}
            data={[
              { value: '', label: t('anything') },
              ...ACTIONS.map((value) => ({ value: `${value}.`, label: t(`kinds.${value}`) })),
            ]}
            value={typed.action}
            onChange={(event) => set({ action: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            name="from"
            label={t('from')}
            error={wrong.from && <ErrorText code={wrong.from} />}
            value={typed.from}
            onChange={(event) => set({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            name="to"
            label={t('to')}
            error={wrong.to && <ErrorText code={wrong.to} />}
            value={typed.to}
            onChange={(event) => set({ to: event.currentTarget.value })}
          />
          <Button
            type="submit"
            className={classes.fixed ?? ''}
            leftSection={<IconSearch size={18} aria-hidden />}
          >
            {t('search')}
          </Button>
        </form>
      </search>
      <QueryState
        of={query}
        empty={{
          when: ({ pages }) => pages[0]?.entries.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {({ pages }) => <AuditTable entries={pages.flatMap((page) => page.entries)} />}
      </QueryState>
      <More of={query}>{t('more')}</More>
    </AdminPage>
  );
}
