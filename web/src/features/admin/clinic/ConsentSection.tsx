import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { CLINIC, type Consent } from './clinic';

/** What patients agree to before a visit. A change is a new version; earlier ones stay on record. */
export function ConsentSection({ published }: { published: Consent | null }) {
  const t = useTranslations('admin.consent');
  const times = useTimes();
  const publish = useAction({
    run: (body: { body_en: string; body_es: string }, init) =>
      take(api.POST('/api/admin/consent', { body, ...init })),
    invalidates: [CLINIC],
    onDone: () => showToast({ text: t('published') }),
  });
  const form = useKeptForm('admin.consent', {
    initialValues: { body_en: published?.body_en ?? '', body_es: published?.body_es ?? '' },
    checks: ({ body_en, body_es }) => ({
      body_en: !body_en.trim() && 'required',
      body_es: !body_es.trim() && 'required',
    }),
    submit: (typed) => publish.mutateAsync(typed),
  });
  const since = published && times.date(published.published_at);
  return (
    <Section title={t('title')}>
      <form {...form.props} className={classes.form}>
        <Stack>
          <Text c="dimmed">
            {published
              ? t('version', { version: published.version, date: since ?? '' })
              : t('none')}
          </Text>
          <Textarea
            label={t('en')}
            lang="en"
            autosize
            minRows={5}
            maxRows={16}
            maxLength={20_000}
            {...form.field('body_en')}
          />
          <Textarea
            label={t('es')}
            lang="es"
            autosize
            minRows={5}
            maxRows={16}
            maxLength={20_000}
            {...form.field('body_es')}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" variant="default" loading={form.sending}>
            {t('publish')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
