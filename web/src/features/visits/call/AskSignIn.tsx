import { Alert, Anchor, Button, Text } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useSignOut } from '@/lib/session/ending';
import { useTimes } from '@/lib/time/useTimes';
import { useVisitTypes } from '@/lib/visitTypes';
import type { Visit } from '../model';
import classes from './AskSignIn.module.css';
import { lasts } from './lasts';

interface AskSignInProps {
  visit: Visit;
  /** When the sign-in reaches its time limit, and how far off that is in ms. */
  end: string;
  left: number;
  /** Beside other things, where there is room for a sentence. */
  short?: boolean;
}

/**
 * Asks, and forbids nothing: whoever is in a hurry joins as they are, and the call is not cut. The way through the door
 * leads back to this page.
 */
export default function AskSignIn({ visit, end, left, short = false }: AskSignInProps) {
  const t = useTranslations('profile/idle.before');
  const times = useTimes();
  const signOut = useSignOut();
  const { data: types } = useVisitTypes();
  if (!types || lasts(left, visit, types)) return null;
  const past = left > 0 ? '' : 'Past';
  const words = t(`${short ? 'short' : 'body'}${past}`, { time: times.time(end) });
  const signIn = () => void signOut('limit');
  if (short) {
    return (
      <Text size="sm" className={classes.short}>
        {words}{' '}
        <Anchor component="button" type="button" size="sm" onClick={signIn}>
          {t('signIn')}
        </Anchor>
      </Text>
    );
  }
  return (
    <Alert color="ochre" icon={<IconClockPause aria-hidden />} title={t('title')}>
      <Text size="sm" mb="sm">
        {words}
      </Text>
      <Button variant="default" onClick={signIn}>
        {t('signIn')}
      </Button>
    </Alert>
  );
}
