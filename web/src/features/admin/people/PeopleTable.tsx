import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { RelativeTime } from '@/ui/marks/RelativeTime';
import { StatusBadge, type Tone } from '@/ui/marks/StatusBadge';
import classes from '../AdminPage.module.css';
import type { Person } from './people';

const TONES: Record<string, Tone> = { active: 'active', invited: 'attention', disabled: 'done' };

interface PeopleTableProps {
  people: Person[];
  onEdit: (person: Person) => void;
}

export function PeopleTable({ people, onEdit }: PeopleTableProps) {
  const t = useTranslations('admin.people');
  return (
    <section className={classes.scroll} aria-label={t('title')}>
      <table className={`${classes.table} ${classes.people}`}>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th>
            <th scope="col">{t('role')}</th>
            <th scope="col">{t('status')}</th>
            <th scope="col">{t('secondFactor')}</th>
            <th scope="col">{t('lastSeen')}</th>
            <th>
              <span className="visually-hidden">{t('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <td>
                <span className={classes.name}>
                  {[person.name, person.credentials].filter(Boolean).join(', ')}
                  {person.myself && ` (${t('myself')})`}
                </span>
                <span className={classes.quiet}>{person.email}</span>
                {person.name_guessed && <span className={classes.quiet}>{t('nameToCheck')}</span>}
              </td>
              <td>{person.roles.map((role) => t(`roles.${role}`)).join(', ')}</td>
              <td>
                <StatusBadge tone={person.frozen ? 'danger' : (TONES[person.status] ?? 'done')}>
                  {t(person.frozen ? 'statuses.frozen' : `statuses.${person.status}`)}
                </StatusBadge>
                {person.waits_for.length > 0 && <span className={classes.quiet}>{t('waits')}</span>}
              </td>
              <td>
                {person.second_factor.map((each) => t(`factors.${each}`)).join(', ') ||
                  t('noFactor')}
              </td>
              <td className={classes.nowrap}>
                {person.last_seen_at ? <RelativeTime at={person.last_seen_at} /> : t('never')}
              </td>
              <td>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={t('editName', { name: person.name })}
                  onClick={() => onEdit(person)}
                >
                  {t('edit')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
