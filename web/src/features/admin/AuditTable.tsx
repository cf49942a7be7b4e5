import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import classes from './AdminPage.module.css';

type Entry = components['schemas']['AuditEntry'];

export function AuditTable({ entries }: { entries: Entry[] }) {
  const t = useTranslations('admin.audit');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
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
              <td className={classes.code}>{entry.action}</td>
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
  const codes = Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`);
  if (entity_type && entity_id) codes.push(`${entity_type} ${entity_id.slice(-8)}`);
  return codes.join(' · ');
}
