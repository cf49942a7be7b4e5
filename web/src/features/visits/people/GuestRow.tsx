import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { FormProblem } from '@/lib/errors/FormProblem';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import classes from './People.module.css';
import { type Guest, isInCall } from './people';
import { useDecide } from './useDecide';
import { useNamed } from './useNamed';

/** One guest as the clinician sees them: where they stand, and what one can do about it. */
export function GuestRow({ visitId, guest }: { visitId: string; guest: Guest }) {
  const t = useTranslations('visits/people.row');
  const named = useNamed();
  const state = useStanding(guest);
  const action = useDecide(visitId, guest.id);
  const name = guest.name ?? t('unnamed');
  const invited = guest.status === 'invited';
  const waiting = guest.status === 'waiting';
  return (
    <li data-waits={waiting}>
      <span role={waiting ? 'status' : undefined}>
        {named(guest)} <span className={classes.quiet}>{state}</span>
      </span>
      <Group gap="xs" role="group" aria-label={t('actions', { name })}>
        {waiting && !guest.agreed_at && (
          <Button
            size="compact-md"
            variant="default"
            loading={action.isPending}
            onClick={() => action.mutate('agreed-aloud')}
          >
            {t('spoken')}
          </Button>
        )}
        {waiting && guest.agreed_at && (
          <Button
            size="compact-md"
            loading={action.isPending}
            onClick={() => action.mutate('admit')}
          >
            {t('admit')}
          </Button>
        )}
        <ConfirmButton
          variant="subtle"
          size="compact-md"
          danger
          question={invited ? t('questionInvited') : t('question', { name })}
          consequence={t('consequence')}
          confirm={t(invited ? 'takeBack' : 'revoke')}
          onConfirm={() => action.mutate('revoke')}
        >
          {t(invited ? 'takeBack' : 'revoke')}
        </ConfirmButton>
      </Group>
      <FormProblem of={action.error} />
    </li>
  );
}

function useStanding(guest: Guest): string {
  const t = useTranslations('visits/people');
  if (guest.status === 'invited') return t('row.invited');
  if (guest.status === 'waiting') return t(guest.agreed_at ? 'row.agreed' : 'row.waiting');
  return t(isInCall(guest) ? 'inCall' : 'comingIn');
}
