import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { partialDate } from '@/lib/time/partialDate';
import { useTimes } from '@/lib/time/useTimes';
import classes from './History.module.css';
import type { Change, ShownValue } from './queries';

const DAY = 'YYYY-MM-DD'.length;

interface ChangesProps {
  of: readonly Change[];
  /** The first version changes nothing: it says all there is, and what is for machines folded away. */
  first: boolean;
}

/** What a version says otherwise than the one before, old beside new. */
export function Changes({ of: changes, first }: ChangesProps) {
  const t = useTranslations('chart.history');
  if (changes.length === 0) return <p className={classes.same}>{t('same')}</p>;
  if (!first) return <ChangeTable of={changes} first={false} />;
  const technical = changes.filter((each) => each.technical);
  return (
    <>
      <ChangeTable of={changes.filter((each) => !each.technical)} first />
      {technical.length > 0 && (
        <details className={classes.technical}>
          <summary>{t('technical', { count: technical.length })}</summary>
          <ChangeTable of={technical} first />
        </details>
      )}
    </>
  );
}

function ChangeTable({ of: changes, first }: ChangesProps) {
  const t = useTranslations('chart.history');
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">{t('what')}</th>
          {!first && <th scope="col">{t('before')}</th>}
          <th scope="col">{t(first ? 'recorded' : 'after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((each) => (
          <OneChange key={JSON.stringify(each)} of={each} first={first} />
        ))}
      </tbody>
    </table>
  );
}

function OneChange({ of: { label, known, before, after }, first }: { of: Change; first: boolean }) {
  const t = useTranslations('chart.history');
  const locale = useCurrentLocale();
  return (
    <tr>
      <th scope="row">{known ? label[locale] : <Unknown path={label.en} />}</th>
      {!first && (
        <td data-label={t('before')}>
          <Shown of={before} none="nothing" />
        </td>
      )}
      <td data-label={t(first ? 'recorded' : 'after')}>
        <Shown of={after} none="removed" />
      </td>
    </tr>
  );
}

/** An element that no other screen shows, by its name in FHIR. */
function Unknown({ path }: { path: string }) {
  const t = useTranslations('chart.history');
  return (
    <>
      <span className={classes.unknown}>{t('unknown')}</span> <code>{path}</code>
    </>
  );
}

function Shown({ of: value, none }: { of: ShownValue | null; none: 'nothing' | 'removed' }) {
  const t = useTranslations('chart.history');
  const locale = useCurrentLocale();
  const times = useTimes();
  if (value === null) return <span className={classes.nothing}>{t(none)}</span>;
  const words = value.words[locale];
  if (!value.is_date) return words;
  return words.length > DAY ? times.dateTime(words) : partialDate(words, locale);
}
