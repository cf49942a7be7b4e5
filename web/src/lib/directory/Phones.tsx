import { IconPhone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { dialLink } from '@/lib/phone';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { contactsQuery, isPhone, shownContact } from './contacts';
import { PhoneLink } from './PhoneLink';
import classes from './Phones.module.css';

/** The patient's telephones, each to call, with what to mind before one speaks. */
export default function Phones({ patientId, known }: { patientId: string; known: string | null }) {
  const t = useTranslations('directory.contacts');
  const { data } = useQuery(contactsQuery(patientId));
  useLiveQueries({ 'contacts.changed': ['contacts', patientId] });
  if (!data) return <PhoneLink phone={known} />;
  const phones = data.filter(isPhone);
  if (phones.length === 0) return null;
  return (
    <ul className={classes.phones} aria-label={t('phones')}>
      {phones.map((contact) => (
        <li key={contact.dialed}>
          <a href={dialLink(contact.dialed)}>
            <IconPhone size={15} aria-hidden /> {shownContact(contact)}
          </a>
          <span className={classes.kind}>
            {[
              t(`kind.${contact.kind as 'mobile'}`),
              contact.preferred && t('preferred'),
              contact.household && t('household'),
              contact.note,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          {!contact.may_leave_message && (
            <StatusBadge tone="attention">{t('noMessage')}</StatusBadge>
          )}
          {contact.disputed && <StatusBadge tone="danger">{t('disputed')}</StatusBadge>}
        </li>
      ))}
    </ul>
  );
}
