import { Button, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCheck, IconPhone, IconUrgent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ChartSummary, Visit } from '@/features/chart/queries';
import { Identity } from '@/features/chart/strip/Identity';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { showToast } from '@/ui/toasts/toast';
import classes from './EmergencyHelp.module.css';

interface HelpProps {
  visit: Visit;
  patient: ChartSummary['patient'];
}

/** How help gets to the patient: where they are, who dials, what to say, and a note that it was done. */
export function EmergencyHelp({ visit, patient }: HelpProps) {
  const t = useTranslations('chart.encounter.help');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        c="red"
        leftSection={<IconUrgent size={16} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('open')}
      </Button>
      {open && <HelpDialog visit={visit} patient={patient} onClose={() => setOpen(false)} />}
    </>
  );
}

function HelpDialog({ visit, patient, onClose }: HelpProps & { onClose: () => void }) {
  const t = useTranslations('chart.encounter.help');
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('title')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Identity patient={patient} heading={false} />
        <Place visit={visit} />
        <WhoDials visit={visit} />
        <Noted visit={visit} onNoted={onClose} />
      </Stack>
    </Modal>
  );
}

function Place({ visit }: { visit: Visit }) {
  const t = useTranslations('chart.encounter.help');
  const { line, city, state, zip } = visit.location ?? {};
  const lines = [line, [city, [state, zip].filter(Boolean).join(' ')].filter(Boolean).join(', ')];
  const address = lines.filter(Boolean);
  return (
    <section className={classes.place} aria-label={t('place')}>
      <Text className={classes.label}>{t('place')}</Text>
      {address.length > 0 ? (
        <>
          <address className={classes.address}>
            {address.map((each) => (
              <span key={each}>{each}</span>
            ))}
          </address>
          <Group gap="sm">
            <CopyButton value={address.join(', ')}>
              {({ copied, copy }) => (
                <Button variant="default" size="compact-md" onClick={copy}>
                  {t(copied ? 'copied' : 'copy')}
                </Button>
              )}
            </CopyButton>
            <Text>{t('check')}</Text>
          </Group>
        </>
      ) : (
        <Text className={classes.unknown}>{t('unknown')}</Text>
      )}
      {visit.callback_phone && <Reach label={t('reach')} phone={visit.callback_phone} />}
      {visit.adult?.phone && (
        <Reach label={t('withThem', { name: visit.adult.name })} phone={visit.adult.phone} />
      )}
    </section>
  );
}

function Reach({ label, phone }: { label: string; phone: string }) {
  return (
    <Text>
      {label}:{' '}
      <a className={classes.phone} href={dialLink(phone)}>
        <IconPhone size={15} aria-hidden /> {readablePhone(phone)}
      </a>
    </Text>
  );
}

/**
 * Emergency numbers lead to the dispatcher near who dials (47 CFR 9.3 has 911 go to the nearest answering point), so
 * somebody beside the patient is quicker than a clinician in another state.
 */
function WhoDials({ visit }: { visit: Visit }) {
  const t = useTranslations('chart.encounter.help');
  const { clinic } = usePerson();
  const abroad = Boolean(visit.location?.country && visit.location.country !== 'US');
  const number = visit.emergency_number ?? clinic.emergency_number;
  const { city, state } = visit.location ?? {};
  const place = [city, state].filter(Boolean).join(', ') || '…';
  return (
    <ol className={classes.steps}>
      <li>
        <Text fw={600}>{t('first', { number })}</Text>
        <Text>{t('firstWhy')}</Text>
      </li>
      <li>
        {abroad ? (
          <Text>{t('abroad', { number })}</Text>
        ) : (
          <>
            <a className={classes.dial} href={dialLink(number)}>
              <IconPhone size={18} aria-hidden /> {t('second', { number })}
            </a>
            <Text>{t('transfer', { place })}</Text>
          </>
        )}
      </li>
    </ol>
  );
}

/** Keeps that help was called, and shows who has kept it already. */
function Noted({ visit, onNoted }: { visit: Visit; onNoted: () => void }) {
  const t = useTranslations('chart.encounter.help');
  const times = useTimes();
  const key = ['visit', visit.id, 'thread'];
  const path = { visit_id: visit.id };
  const thread = useQuery({
    queryKey: key,
    queryFn: () => take(api.GET('/api/visits/{visit_id}/thread', { params: { path } })),
    staleTime: 0,
  });
  const note = useAction({
    run: (_: undefined, init) =>
      take(api.POST('/api/visits/{visit_id}/emergency', { params: { path }, ...init })),
    invalidates: [key],
    onDone: () => {
      showToast({ text: t('noted') });
      onNoted();
    },
  });
  const before = thread.data?.steps.filter(({ kind }) => kind === 'visit.emergency_called').at(-1);
  return (
    <Stack gap="xs">
      {before && (
        <Text>
          <IconCheck size={16} aria-hidden />{' '}
          {t('before', { name: before.by ?? '', time: times.time(before.at) })}
        </Text>
      )}
      <Group gap="sm">
        <Button color="red" loading={note.isPending} onClick={() => note.mutate(undefined)}>
          {t('note')}
        </Button>
        <Text c="dimmed">{t('noteHint')}</Text>
      </Group>
    </Stack>
  );
}
