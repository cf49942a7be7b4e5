import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { usePerson } from '@/lib/session/session';
import { plainDate, useTimes } from '@/lib/time/useTimes';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { showToast } from '@/ui/toasts/toast';

type WhoActs = components['schemas']['WhoActs'];

const KEY = ['related'];

/** Who may act for the patient beside themself. An adult ends it without asking the clinic. */
export function RelatedSection() {
  const t = useTranslations('profile.related');
  const person = usePerson();
  const query = useQuery({ queryKey: KEY, queryFn: () => take(api.GET('/api/me/related')) });
  useLiveQueries({ 'related.changed': KEY });
  const end = useAction({
    run: ({ id }: WhoActs) =>
      take(
        api.POST('/api/me/related/{relation_id}/end', { params: { path: { relation_id: id } } }),
      ),
    invalidates: [KEY],
    onDone: (_, { name }) => showToast({ text: t('ended', { name }) }),
  });
  const other = person.relationship ? (person.patient_name ?? '') : null;
  return (
    <Section title={other ? t('titleOf', { name: other }) : t('title')}>
      <Text c="dimmed" mb="sm">
        {other ? t('leadOf') : t('lead')}
      </Text>
      <FormProblem of={end.error} />
      <QueryState
        of={query}
        empty={{ when: (found) => found.length === 0, show: <Text>{t('none')}</Text> }}
      >
        {(found) => (
          <Rows label={t('title')}>
            {found.map((each) => (
              <Acting
                key={each.id}
                who={each}
                ending={end.isPending && end.variables?.id === each.id}
                onEnd={() => end.mutate(each)}
              />
            ))}
          </Rows>
        )}
      </QueryState>
    </Section>
  );
}

interface ActingProps {
  who: WhoActs;
  ending: boolean;
  onEnd: () => void;
}

function Acting({ who, ending, onEnd }: ActingProps) {
  const t = useTranslations('profile.related');
  const relationship = useTranslations('profile/relations.relationship');
  const times = useTimes();
  const locale = useCurrentLocale();
  const { name, scope, until, of_age, may_end } = who;
  const lines = [
    t(`scope.${scope}`),
    until && t('until', { date: times.date(until) }),
    of_age && t('ofAge', { date: plainDate(of_age, locale) }),
  ];
  return (
    <Row
      title={t('who', { name, as: relationship(who.relationship) })}
      detail={lines.filter(Boolean).join(' · ')}
      aside={
        may_end && (
          <ConfirmButton
            variant="default"
            size="sm"
            aria-label={t('endOne', { name })}
            loading={ending}
            question={t('question', { name })}
            consequence={t('consequence', { name })}
            confirm={t('confirm')}
            danger
            onConfirm={onEnd}
          >
            {t('end')}
          </ConfirmButton>
        )
      }
    />
  );
}
