import { Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { QueryState } from '@/ui/states/QueryState';
import { ListSkeleton } from '@/ui/states/Skeletons';
import { ChoiceCards } from '../fields/ChoiceCards';
import { setting, useIntakeForm } from '../form';
import classes from './Steps.module.css';

/** The clinic's text, whole, and the agreement to exactly this text. */
export function ConsentStep({ visitId }: { visitId: string }) {
  const t = useTranslations('intake.consent');
  const { draft, change, error, language } = useIntakeForm();
  const { consent } = draft;
  const query = useQuery({
    queryKey: ['intake-consent', visitId, language],
    queryFn: () =>
      take(
        api.GET('/api/visits/{visit_id}/intake/consent', {
          params: { path: { visit_id: visitId }, query: { language } },
        }),
      ),
  });
  return (
    <QueryState of={query} loading={<ListSkeleton rows={4} />}>
      {(text) => (
        <Stack gap="lg">
          <p className={classes.hint}>{t('more')}</p>
          <section className={classes.paper} aria-label={t('text')} lang={text.language}>
            {text.text.split(/\n\s*\n/).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
          <ChoiceCards
            label={t('question')}
            labelHidden
            kind="checkbox"
            choices={[{ value: 'agree', label: t('agree') }]}
            chosen={consent.agreed && consent.text_hash === text.hash ? ['agree'] : []}
            onChoose={(_value, agreed) =>
              change(
                (before) => ({
                  ...before,
                  consent: { ...before.consent, agreed, text_hash: text.hash, language },
                }),
                'consent.agreed',
              )
            }
            error={error('consent.agreed', 'agree')}
          />
          <TextInput
            label={t('signature')}
            description={t('signatureHint')}
            value={consent.signature}
            onChange={(event) =>
              change(
                setting('consent', 'signature', event.currentTarget.value),
                'consent.signature',
              )
            }
            error={error('consent.signature')}
            autoComplete="name"
            maxLength={200}
          />
        </Stack>
      )}
    </QueryState>
  );
}
