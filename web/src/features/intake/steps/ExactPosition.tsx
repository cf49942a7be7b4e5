import { Button } from '@mantine/core';
import { IconCurrentLocation } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useIntakeForm } from '../form';
import classes from './Steps.module.css';

const WAIT_MS = 15_000;

/** The device's position, if the patient likes: it helps an ambulance where an address does not. */
export function ExactPosition() {
  const t = useTranslations('intake.location');
  const { draft, change } = useIntakeForm();
  const [state, setState] = useState<'idle' | 'asking' | 'refused'>('idle');
  const shared = typeof draft.location.latitude === 'number';

  const put = (latitude: number | null, longitude: number | null) =>
    change(
      (before) => ({ ...before, location: { ...before.location, latitude, longitude } }),
      'location.latitude',
    );
  const ask = () => {
    setState('asking');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(coords.latitude, coords.longitude);
        setState('idle');
      },
      () => setState('refused'),
      { enableHighAccuracy: true, timeout: WAIT_MS },
    );
  };

  if (!('geolocation' in navigator)) return null;
  return (
    <div className={classes.quiet}>
      <Button
        variant="subtle"
        size="compact-md"
        loading={state === 'asking'}
        leftSection={<IconCurrentLocation size={18} aria-hidden />}
        onClick={shared ? () => put(null, null) : ask}
      >
        {t(shared ? 'stopSharing' : 'share')}
      </Button>
      <p className={classes.hint} role="status">
        {t(shared ? 'shared' : state === 'refused' ? 'notShared' : 'shareHint')}
      </p>
    </div>
  );
}
