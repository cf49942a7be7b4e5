import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import classes from './AdminPage.module.css';

type Entry = components['schemas']['AuditEntry'];

export function AuditTable({ entries }: { entries: Entry[] }) {
  const t = useTranslations('admin.audit');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
  const kindOf = (action: string) => {
    const kind = `kinds.${action.split('.')[0]}`;
    return t.has(kind) && t(kind);
  };
  return (
    <section className={classes.scroll} aria-label={t('title')}>
      <table className={classes.table}>
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
                <span className={classes.name}>{kindOf(entry.action)}</span>
                <span className={classes.code}>{entry.action}</span>
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

/** The codes that came along: `method passkey · visit 0199…`. */
function details({ detail, entity_type, entity_id }: Entry): string {
  const codes = Object.entries(detail).map(([name, value]) => `${name} ${short(String(value))}`);
  if (entity_type && entity_id) codes.push(`${entity_type} ${short(entity_id)}`);
  return codes.join(' · ');
}

/** The end of an id tells it from others; nobody reads the rest. */
const short = (value: string) => (/^[\da-f-]{36}$/.test(value) ? value.slice(-8) : value);
