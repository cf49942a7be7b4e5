import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { partialDate } from '@/lib/time/partialDate';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import classes from '../ownRecord/RecordPage.module.css';
import { recordQuery } from '../record';

type OwnSection = components['schemas']['OwnSectionOut'];

const sectionsQuery = {
  // Beneath the record's key: what makes the record out of date does so here.
  queryKey: [...recordQuery.queryKey, 'sections'],
  queryFn: () => take(api.GET('/api/me/sections')),
};

/** Vaccines, operations and the like; what sections there are, and their words, the types of the record say. */
export function OwnSections() {
  const sections = useQuery(sectionsQuery);
  return (
    <QueryState of={sections}>
      {(found) => found.map((each) => <OneSection key={each.type} of={each} />)}
    </QueryState>
  );
}

function OneSection({ of: section }: { of: OwnSection }) {
  const t = useTranslations('home/sections');
  const locale = useCurrentLocale();
  return (
    <Section title={section.title[locale]}>
      {section.items.length === 0 && <p className={classes.none}>{section.none[locale]}</p>}
      {section.items.length > 0 && (
        <Rows>
          {section.items.map(({ id, title, facts, when, due }) => (
            <Row
              key={id}
              title={title[locale]}
              detail={[
                ...facts.map((each) => each[locale]),
                when && partialDate(when, locale),
                due && t('due', { date: partialDate(due, locale) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            />
          ))}
        </Rows>
      )}
      {section.more && (
        <p className={classes.none}>{t('newest', { count: section.items.length })}</p>
      )}
    </Section>
  );
}
