import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { isPatient, useMay, usePerson } from '@/lib/session/session';
import { Row, Rows } from '@/ui/links/Row';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { ContactDialog } from './ContactDialog';
import { type Contact, contactsQuery, isPhone, shownContact } from './contacts';

/** Every way to reach a patient. What they sign in by is among them, and changed only by proving it. */
export default function Contacts({ patientId }: { patientId: string }) {
  const t = useTranslations('directory.contacts');
  const person = usePerson();
  const mayWrite = useMay()('contact.write');
  const [editing, setEditing] = useState<Contact | 'new' | null>(null);
  const query = useQuery(contactsQuery(patientId));
  useLiveQueries({ 'contacts.changed': ['contacts', patientId] });
  const own = isPatient(person);
  const title =
    own && person.relationship && person.patient_name
      ? t('titleOf', { name: person.patient_name })
      : t(own ? 'titleOwn' : 'title');
  return (
    <Section title={title}>
      <QueryState of={query}>
        {(contacts) => (
          <>
            <Rows label={title}>
              {contacts.map((contact) => (
                <ContactRow
                  key={contact.id ?? contact.dialed}
                  contact={contact}
                  onChange={mayWrite ? () => setEditing(contact) : undefined}
                />
              ))}
              {contacts.length === 0 && <Row title={t('none')} />}
            </Rows>
            {mayWrite && (
              <Button
                variant="subtle"
                mt="xs"
                leftSection={<IconPlus size={18} aria-hidden />}
                onClick={() => setEditing('new')}
              >
                {t('add')}
              </Button>
            )}
          </>
        )}
      </QueryState>
      {editing && (
        <ContactDialog
          patientId={patientId}
          contact={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  );
}

interface ContactRowProps {
  contact: Contact;
  onChange: (() => void) | undefined;
}

function ContactRow({ contact, onChange }: ContactRowProps) {
  const t = useTranslations('directory.contacts');
  const shown = shownContact(contact);
  const details = [
    t(`kind.${contact.kind as 'mobile'}`),
    contact.preferred && t('preferred'),
    contact.signs_in && t('signsIn'),
    contact.household && t('household'),
    contact.note,
  ];
  return (
    <Row
      title={
        <>
          {shown}{' '}
          {isPhone(contact) && !contact.may_leave_message && (
            <StatusBadge tone="attention">{t('noMessage')}</StatusBadge>
          )}{' '}
          {contact.disputed && <StatusBadge tone="danger">{t('disputed')}</StatusBadge>}
        </>
      }
      detail={details.filter(Boolean).join(' · ')}
      aside={
        onChange && (
          <Button
            variant="default"
            size="sm"
            aria-label={t('changeNamed', { value: shown })}
            onClick={onChange}
          >
            {t('change')}
          </Button>
        )
      }
    />
  );
}
