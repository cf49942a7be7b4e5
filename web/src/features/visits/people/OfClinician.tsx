import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { GuestRow } from './GuestRow';
import { InviteDialog } from './InviteDialog';
import classes from './People.module.css';
import { type Names, peopleQuery } from './people';
import { useNamed, useNames } from './useNamed';
import { WereThere } from './WereThere';

const LIVING: readonly string[] = ['invited', 'waiting', 'admitted'];

interface OfClinicianProps {
  visitId: string;
  patient: string;
  /** The visit goes on, so somebody may still be asked in. */
  open: boolean;
  onNames: (names: Names) => void;
}

/** Beside the call: who else was asked into the visit, who waits, who is here, and asking somebody in. */
export default function OfClinician({ visitId, patient, open, onNames }: OfClinicianProps) {
  const t = useTranslations('visits/people');
  const [inviting, setInviting] = useState(false);
  const named = useNamed();
  const { data } = useQuery(peopleQuery(visitId));
  const guests = data?.guests ?? [];
  useNames(guests, onNames);
  const here = guests.filter(({ status }) => status === 'admitted');
  const living = guests.filter(({ status }) => LIVING.includes(status));
  if (!open) return <WereThere guests={guests} />;
  return (
    <section className={classes.ofClinician} aria-label={t('inVisit')}>
      <div className={classes.line}>
        <span>
          <strong>{t('inVisit')}:</strong> {[t('you'), patient, ...here.map(named)].join(', ')}
        </span>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setInviting(true)}
        >
          {t('invite.open')}
        </Button>
      </div>
      {living.length > 0 && (
        <ul className={classes.list}>
          {living.map((guest) => (
            <GuestRow key={guest.id} visitId={visitId} guest={guest} />
          ))}
        </ul>
      )}
      {inviting && <InviteDialog visitId={visitId} onClose={() => setInviting(false)} />}
    </section>
  );
}
