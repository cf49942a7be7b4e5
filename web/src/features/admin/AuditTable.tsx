import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import classes from './AdminPage.module.css';

type Entry = components['schemas']['AuditEntry'];

export function AuditTable({ entries }: { entries: Entry[] }) {
  const t = useTranslations('admin.audit');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
  const details = useDetails();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is scrolled by keys too
    <section className={classes.scroll} aria-label={t('title')} tabIndex={0}>
      <table className={`${classes.table} ${classes.audit}`}>
        <thead>
          <tr>
            <th scope="col">{t('when')}</th>
            <th scope="col">{t('who')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col">{t('patient')}</th>
            <th scope="col">{t('more')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq}>
              <td className={classes.nowrap}>
                <time dateTime={entry.at}>{times.dateTime(entry.at)}</time>
              </td>
              <td>
                <span className={classes.name}>
                  {entry.who || t(entry.roles.includes('system') ? 'system' : 'nobody')}
                </span>
                <span className={classes.quiet}>
                  {entry.roles
                    .filter((each) => role.has(each))
                    .map((each) => role(each))
                    .join(', ')}
                </span>
              </td>
              <td>
                <span className={classes.name}>{inWords(t, 'actions', entry.action)}</span>
              </td>
              <td>
                {entry.patient_id && (
                  <>
                    <span className={classes.name}>{entry.patient || t('unknownPatient')}</span>
                    <span className={classes.quiet}>{entry.mrn}</span>
                  </>
                )}
              </td>
              <td>
                {entry.reason && <span className={classes.name}>{entry.reason}</span>}
                <span className={classes.quiet}>{details(entry)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What came along, in words: `with passkey · visit 0199…`. */
function useDetails(): (entry: Entry) => string {
  const t = useTranslations('admin.audit');
  return ({ detail, entity_type, entity_id }) => {
    const parts = Object.entries(detail).map(
      ([name, value]) =>
        `${inWords(t, 'details', name)} ${inWords(t, 'values', short(String(value)))}`,
    );
    if (entity_type && entity_id)
      parts.push(`${inWords(t, 'details', entity_type)} ${short(entity_id)}`);
    return parts.join(' · ');
  };
}

/** The words for a code; the code itself, readable, where an action is newer than the words. */
function inWords(t: ReturnType<typeof useTranslations>, of: string, code: string): string {
  const key = `${of}.${code}`;
  return t.has(key) ? t(key) : code.replaceAll('_', ' ');
}

/** The end of an id, or the beginning of a hash, tells it from others; nobody reads the rest. */
function short(value: string): string {
  if (/^[\da-f]{64}$/.test(value)) return value.slice(0, 8);
  return /^[\da-f-]{36}$/.test(value) ? value.slice(-8) : value;
}
