import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { QueryState } from '@/ui/states/QueryState';
import { Part } from '../summary/Part';
import summary from '../summary/Summary.module.css';
import { AddToSection } from './AddToSection';
import { type ChartSection, sectionsQuery } from './queries';
import { SectionRow } from './SectionRow';
import classes from './Sections.module.css';

interface SectionsProps {
  patientId: string;
  editable: boolean;
  /** The visit that what is added here belongs to. */
  visitId: string | null;
}

/** The sections of a chart that the types of the record describe: their words, lines and forms come with them. */
export function Sections(props: SectionsProps) {
  const sections = useQuery(sectionsQuery(props.patientId));
  return (
    <QueryState of={sections}>
      {(found) => (
        <div className={classes.sections}>
          {found.map((section) => (
            <OneSection key={section.type} section={section} {...props} />
          ))}
        </div>
      )}
    </QueryState>
  );
}

function OneSection({
  section,
  patientId,
  editable,
  visitId,
}: SectionsProps & { section: ChartSection }) {
  const t = useTranslations('chart/sections');
  const locale = useCurrentLocale();
  const form = (close: () => void) => (
    <AddToSection section={section} patientId={patientId} visitId={visitId} close={close} />
  );
  return (
    <Part
      title={section.title[locale]}
      none={section.none[locale]}
      keeps={{ patientId, part: section.type }}
      {...(editable && { add: { label: section.add[locale], form } })}
    >
      {[
        ...section.items.map((item) => (
          <SectionRow
            key={item.id}
            section={section}
            item={item}
            patientId={patientId}
            editable={editable}
          />
        )),
        ...(section.more
          ? [
              <li key="more" className={summary.none}>
                {t('newest', { count: section.items.length })}
              </li>,
            ]
          : []),
      ]}
    </Part>
  );
}
