import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { FormProblem } from '@/lib/errors/FormProblem';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import classes from './People.module.css';
import { type Guest, isInCall, type Names, peopleQuery } from './people';
import { useDecide } from './useDecide';
import { useNamed, useNames } from './useNamed';

interface OfPatientProps {
  visitId: string;
  clinician: string | null;
  onNames: (names: Names) => void;
}

/** On the patient's page of the call: who is here, and whether somebody who waits may come in. */
export default function OfPatient({ visitId, clinician, onNames }: OfPatientProps) {
  const { data } = useQuery(peopleQuery(visitId));
  const guests = data?.guests ?? [];
  useNames(guests, onNames);
  const asked = guests.find(({ status, agreed_at }) => status === 'waiting' && !agreed_at);
  const here = guests.filter(({ status, agreed_at }) =>
    status === 'admitted' ? true : status === 'waiting' && agreed_at,
  );
  if (!asked && here.length === 0) return null;
  return (
    <div className={classes.ofPatient}>
      {here.length > 0 && <Here visitId={visitId} guests={here} clinician={clinician} />}
      {asked && <Ask key={asked.id} visitId={visitId} guest={asked} />}
    </div>
  );
}

function Here({
  visitId,
  guests,
  clinician,
}: {
  visitId: string;
  guests: Guest[];
  clinician: string | null;
}) {
  const t = useTranslations('visits/people');
  const named = useNamed();
  const names = [t('you'), ...(clinician ? [clinician] : []), ...guests.map(named)];
  return (
    <details className={classes.here} data-here>
      <summary>
        <strong>{t('here')}:</strong> {names.join(', ')}
      </summary>
      <ul className={classes.list} aria-label={t('noLonger.open')}>
        {guests.map((guest) => (
          <Present key={guest.id} visitId={visitId} guest={guest} clinician={clinician} />
        ))}
      </ul>
    </details>
  );
}

function Present({
  visitId,
  guest,
  clinician,
}: {
  visitId: string;
  guest: Guest;
  clinician: string | null;
}) {
  const t = useTranslations('visits/people');
  const named = useNamed();
  const action = useDecide(visitId, guest.id);
  const name = guest.name ?? '';
  const state = () => {
    if (guest.status === 'waiting') return t('agreedTo', { clinician: clinician ?? '' });
    return t(isInCall(guest) ? 'inCall' : 'comingIn');
  };
  return (
    <li>
      <span>
        {named(guest)} <span className={classes.quiet}>{state()}</span>
      </span>
      <ConfirmButton
        variant="default"
        size="sm"
        mih="2.75rem"
        loading={action.isPending}
        question={t('noLonger.question', { name })}
        consequence={t('noLonger.consequence')}
        confirm={t('noLonger.remove')}
        danger
        onConfirm={() => action.mutate('decline')}
      >
        {t('noLonger.remove')}
      </ConfirmButton>
      <FormProblem of={action.error} />
    </li>
  );
}

/** One person at a time: a yes to several is a yes to nobody in particular. */
function Ask({ visitId, guest }: { visitId: string; guest: Guest }) {
  const t = useTranslations('visits/people.ask');
  const kinds = useTranslations('visits/people.kinds');
  const action = useDecide(visitId, guest.id);
  return (
    <section className={classes.ask} role="alert">
      <h2>{t('title', { name: guest.name ?? '' })}</h2>
      <p>{t('kind', { kind: kinds(guest.kind), inviter: guest.invited_by })}</p>
      <p className={classes.quiet}>{t('why')}</p>
      <FormProblem of={action.error} />
      <Group gap="sm">
        <Button loading={action.isPending} onClick={() => action.mutate('agree')}>
          {t('yes')}
        </Button>
        <Button
          variant="default"
          disabled={action.isPending}
          onClick={() => action.mutate('decline')}
        >
          {t('no')}
        </Button>
      </Group>
    </section>
  );
}
