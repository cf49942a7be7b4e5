import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { Page } from '@/ui/Page';
import { UrgentHint } from './UrgentHint';

/** The patient writes to the clinic about something new. */
export default function NewThreadPage() {
  const t = useTranslations('messaging');
  const navigate = useNavigate();
  const [clientId] = useState(() => crypto.randomUUID());
  const start = useAction({
    run: (body: { subject: string; body: string }, init) =>
      take(api.POST('/api/threads', { body: { ...body, client_id: clientId }, ...init })),
    invalidates: [['threads']],
    onDone: ({ id }) =>
      navigate({ to: '/messages/$threadId', params: { threadId: id }, replace: true }),
  });
  const form = useForm({
    initialValues: { subject: '', body: '' },
    checks: (values) => ({
      subject: !values.subject.trim() && 'required',
      body: !values.body.trim() && 'required',
    }),
    submit: (values) => start.mutateAsync(values),
  });
  return (
    <Page title={t('newTitle')} lead={t('newLead')}>
      <form {...form.props}>
        <Stack>
          <TextInput label={t('subject')} maxLength={200} {...form.field('subject')} />
          <Textarea
            label={t('body')}
            description={<UrgentHint />}
            autosize
            minRows={5}
            maxLength={5000}
            {...form.field('body')}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {t('send')}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}
