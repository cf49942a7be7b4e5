import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { measurementsQuery } from '../queries';
import { shown, unitName } from '../units';
import { type Content, SECTIONS, type SectionName } from './content';
import { useMeasurementName } from './editor/VitalsEditor';
import classes from './NoteText.module.css';

interface NoteTextProps {
  content: Content;
  /** Which sections, and in which order. */
  sections?: readonly SectionName[];
}

/** A note to read: plain text as it was written, nothing interpreted. */
export function NoteText({ content, sections = SECTIONS }: NoteTextProps) {
  const t = useTranslations('chart.note');
  const name = useMeasurementName();
  const measurements = useQuery(measurementsQuery).data ?? [];
  const measurement = (code: string) => measurements.find((each) => each.code === code);
  const lists = {
    subjective: [],
    objective: content.vitals.map(
      ({ code, value, unit }) =>
        `${name(measurement(code)) ?? code} ${shown(value, unit)} ${unitName(unit)}`,
    ),
    assessment: content.diagnoses.map(({ code, display }) => `${code} ${display}`),
    plan: content.plan_items.map(({ kind, title, due_in_days }) =>
      due_in_days == null
        ? `${t(`kind.${kind}`)}: ${title}`
        : `${t(`kind.${kind}`)}: ${title} (${t('dueIn', { days: due_in_days })})`,
    ),
  };
  return (
    <div className={classes.note}>
      {sections.map((section) => (
        <section key={section}>
          <h3 className={classes.heading}>{t(`section.${section}`)}</h3>
          {content[section].trim() && <p className={classes.words}>{content[section]}</p>}
          {lists[section].length > 0 && (
            <ul className={classes.list}>
              {lists[section].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
          {!content[section].trim() && lists[section].length === 0 && (
            <p className={classes.none}>{t('nothingWritten')}</p>
          )}
        </section>
      ))}
    </div>
  );
}
