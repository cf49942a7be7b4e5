import { Button, Stack, Text, Textarea } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { StatusBadge } from '../marks/StatusBadge';
import { Page } from '../page/Page';
import { Section } from '../page/Section';

interface UnlessLockedProps {
  of: { error: unknown };
  /** It stands in place of a whole page. */
  page?: boolean;
  children: ReactNode;
}

/** In place of what belongs to a closed chart, also when it closes while it is read: the way to open it. */
export function UnlessLocked({ of: { error }, page = false, children }: UnlessLockedProps) {
  if (!(error instanceof ApiProblem) || error.code !== 'chart_restricted') return children;
  return (
    <LockedChart
      patientId={String(error.data.patient_id)}
      note={error.data.part === 'note'}
      page={page}
    />
  );
}

interface LockedChartProps {
  patientId: string;
  note: boolean;
  page: boolean;
}

/** There is something restricted, a chart or a note; whoever needs it opens it with a reason, for an hour. */
function LockedChart({ patientId, note, page }: LockedChartProps) {
  const t = useTranslations('chart/strip.locked');
  const queries = useQueryClient();
  const consequence = useId();
  const open = useAction({
    run: (typed: string, init) =>
      take(
        api.POST('/api/patients/{patient_id}/open', {
          params: { path: { patient_id: patientId } },
          body: { reason: typed },
          ...init,
        }),
      ),
  });
  const form = useForm({
    initialValues: { reason: '' },
    checks: (typed) => ({ reason: !typed.reason.trim() && 'required' }),
    submit: async (typed) => {
      await open.mutateAsync(typed.reason);
      await queries.invalidateQueries();
    },
  });
  const title = t(note ? 'noteTitle' : 'title');
  const way = (
    <form {...form.props}>
      <Stack p={page ? 0 : 'md'} maw="36rem">
        <Text>
          <IconLock size={18} aria-hidden /> {t(note ? 'noteLead' : 'lead')}
        </Text>
        <Textarea
          label={t('reason')}
          description={t('reasonHint')}
          autosize
          minRows={2}
          maxLength={500}
          {...form.field('reason')}
        />
        <Text id={consequence} c="dimmed" size="sm">
          {t('consequence')}
        </Text>
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending} aria-describedby={consequence} w="fit-content">
          {t('open')}
        </Button>
      </Stack>
    </form>
  );
  if (page) return <Page title={title}>{way}</Page>;
  return (
    <Section title={title} card>
      {way}
    </Section>
  );
}

/** Stands beside a name in lists: what the chart holds is not told. */
export function RestrictedMark() {
  const t = useTranslations('chart/strip.locked');
  return (
    <StatusBadge tone="attention">
      <IconLock size={13} aria-hidden /> {t('badge')}
    </StatusBadge>
  );
}
