import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { contactsQuery } from './contacts';

/** Beside a telephone to call: that nobody is to leave a message there. */
export default function NoMessage({ patientId, phone }: { patientId: string; phone: string }) {
  const t = useTranslations('directory.contacts');
  const { data = [] } = useQuery(contactsQuery(patientId));
  useLiveQueries({ 'contacts.changed': ['contacts', patientId] });
  const contact = data.find(({ dialed }) => dialed === phone);
  if (!contact || contact.may_leave_message) return null;
  return <StatusBadge tone="attention">{t('noMessage')}</StatusBadge>;
}
