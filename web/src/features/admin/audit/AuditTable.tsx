import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import classes from '../AdminPage.module.css';
import { AuditEntryDialog } from './AuditEntryDialog';

type Entry = components['schemas']['AuditEntry'];

export function AuditTable({ entries }: { entries: Entry[] }) {
  const t = useTranslations('admin.audit');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
  const details = useDetails();
  const shown = useShown();
  const [opened, open] = useState<Entry | null>(null);
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
                {entry.shown > 0 && <span className={classes.quiet}>{shown(entry)}</span>}
              </td>
              <td>
                {entry.reason && <span className={classes.name}>{entry.reason}</span>}
                <span className={classes.quiet}>{details(entry)}</span>
                {(entry.shown > 0 || entry.searched) && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    className={classes.entry ?? ''}
                    aria-label={t(entry.searched ? 'entry.openSearchOf' : 'entry.openOf', {
                      who: entry.who,
                      time: times.dateTime(entry.at),
                    })}
                    onClick={() => open(entry)}
                  >
                    {t(entry.searched ? 'entry.openSearch' : 'entry.open')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened && <AuditEntryDialog entry={opened} onClose={() => open(null)} />}
    </section>
  );
}

/** Whom a list showed. It may show one patient in several of its rows. */
function useShown(): (entry: Entry) => string {
  const t = useTranslations('admin.audit');
  return ({ action, shown: count, detail }) => {
    const rows = Number(detail.count ?? count);
    const of = action.split('.', 1)[0] ?? '';
    return rows === count ? t('shown', { count }) : t('rowsShown', { of, rows, count });
  };
}

/** What came along, in words: `with passkey · visit 0199…`. */
function useDetails(): (entry: Entry) => string {
  const t = useTranslations('admin.audit');
  const flag = useTranslations('visits/queue.flags');
  const times = useTimes();
  const said = (name: string, value: string) => {
    const kind = value.replace(/\.$/, '');
    if (name === 'kind') return inWords(t, t.has(`kinds.${kind}`) ? 'kinds' : 'alertKinds', kind);
    if (name === 'flag' && flag.has(value)) return flag(value);
    if (isTime(value)) return times.dateTime(value);
    return inWords(t, 'values', short(value));
  };
  return ({ detail, shown, entity_type, entity_id }) => {
    // How many rows a list had is said beside the patients in it.
    const told = Object.entries(detail).filter(([name]) => name !== 'count' || shown === 0);
    const parts = told.map(
      ([name, value]) => `${inWords(t, 'details', name)} ${said(name, String(value))}`,
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

/** Whether it is an instant, as the audit writes it. */
function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
}

/** The end of an id, or the beginning of a hash, tells it from others; nobody reads the rest. */
function short(value: string): string {
  if (/^[\da-f]{64}$/.test(value)) return value.slice(0, 8);
  return /^[\da-f-]{36}$/.test(value) ? value.slice(-8) : value;
}
