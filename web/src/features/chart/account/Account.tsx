import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { isMissing } from '@/lib/api/problem';
import { useLiveQueries } from '@/lib/live/useLive';
import { readablePhone } from '@/lib/phone';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { accountQuery, type Contact, type Deed, type PatientAccount } from './account';
import { DeedDialog } from './DeedDialog';

const CHANNELS = ['sms', 'email'] as const;

/** How a patient signs in, what staff may do about it, and what they have done. */
export default function Account({ patientId }: { patientId: string }) {
  const t = useTranslations('chart/account');
  const query = useQuery(accountQuery(patientId));
  useLiveQueries({ 'task.changed': ['patient', patientId, 'account'] });
  return (
    <Section title={t('heading')} card>
      {isMissing(query.error) ? (
        <Text p="md">{t('noAccount')}</Text>
      ) : (
        <QueryState of={query}>
          {(account) => <Known patientId={patientId} account={account} />}
        </QueryState>
      )}
    </Section>
  );
}

function Known({ patientId, account }: { patientId: string; account: PatientAccount }) {
  const t = useTranslations('chart/account');
  const times = useTimes();
  const [deed, setDeed] = useState<Deed | null>(null);
  const active = account.status === 'active';
  return (
    <Stack gap="lg" p="md">
      <Group gap="sm">
        <StatusBadge tone={active ? 'active' : 'danger'}>
          {t(active ? 'active' : 'disabled')}
        </StatusBadge>
        <Text c="dimmed">
          {t('use', {
            devices: account.known_devices,
            passkeys: account.passkeys,
            sessions: account.open_sessions,
          })}
          {account.last_seen_at &&
            ` · ${t('lastSeen', { time: times.dateTime(account.last_seen_at) })}`}
        </Text>
      </Group>
      {account.vouched_until && (
        <Text role="status">{t('vouched', { time: times.time(account.vouched_until) })}</Text>
      )}
      <Rows label={t('contacts')}>
        {CHANNELS.map((channel) => (
          <ContactRow
            key={channel}
            channel={channel}
            contact={account.contacts.find((each) => each.channel === channel)}
            onDeed={setDeed}
          />
        ))}
      </Rows>
      <Group gap="sm">
        {active && (
          <Button variant="default" onClick={() => setDeed({ verb: 'let-in' })}>
            {t('do.let-in')}
          </Button>
        )}
        <Button variant="default" onClick={() => setDeed({ verb: 'person' })}>
          {t('do.person')}
        </Button>
        <Button
          variant="default"
          {...(active ? { c: 'red' } : {})}
          onClick={() => setDeed({ verb: active ? 'disable' : 'enable' })}
        >
          {t(active ? 'do.disable' : 'do.enable')}
        </Button>
      </Group>
      {account.changes.length > 0 && (
        <Rows label={t('changes')}>
          {account.changes.map((change) => (
            <Row
              key={change.id}
              title={`${t(`change.${change.change}`)} · ${t(`proof.${change.proof}`)}`}
              detail={`${change.note} (${change.by}, ${times.dateTime(change.at)})`}
            />
          ))}
        </Rows>
      )}
      {deed && (
        <DeedDialog
          patientId={patientId}
          account={account}
          deed={deed}
          onClose={() => setDeed(null)}
        />
      )}
    </Stack>
  );
}

interface ContactRowProps {
  channel: Contact['channel'];
  contact: Contact | undefined;
  onDeed: (deed: Deed) => void;
}

function ContactRow({ channel, contact, onDeed }: ContactRowProps) {
  const t = useTranslations('chart/account');
  const times = useTimes();
  const shown = contact && (channel === 'sms' ? readablePhone(contact.value) : contact.value);
  const name = t(`channel.${channel}`);
  return (
    <Row
      title={
        <>
          {name}: {shown ?? t('none')}
          {contact?.disputed_at && (
            <>
              {' '}
              <StatusBadge tone="danger">
                {t('disputed', { date: times.date(contact.disputed_at) })}
              </StatusBadge>
            </>
          )}
        </>
      }
      detail={contact?.disputed_at && t('disputedHint')}
      aside={
        <Group gap="xs">
          {contact?.disputed_at && (
            <Button
              variant="default"
              size="sm"
              onClick={() => onDeed({ verb: 'contact/confirm', channel })}
            >
              {t('do.confirm')}
            </Button>
          )}
          <Button
            variant="default"
            size="sm"
            aria-label={`${t(contact ? 'do.contact' : 'do.add')}: ${name}`}
            onClick={() => onDeed({ verb: 'contact', channel })}
          >
            {t(contact ? 'do.contact' : 'do.add')}
          </Button>
        </Group>
      }
    />
  );
}
