import { Alert, Button } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import { ErrorState } from '@/ui/states/ErrorState';
import classes from '../AdminPage.module.css';
import { useAlerts } from './alerts';

type RefusalAlert = components['schemas']['RefusalAlert'];

/** People who were refused so often that somebody has to look. Nothing while there are none. */
export function AuditAlerts({ onShow }: { onShow: (who: string) => void }) {
  const t = useTranslations('admin.audit.alerts');
  const role = useTranslations('admin.people.roles');
  const times = useTimes();
  const alerts = useAlerts();
  if (alerts.isError) return <ErrorState error={alerts.error} retry={() => alerts.refetch()} />;
  if (!alerts.data?.length) return null;
  const line = (alert: RefusalAlert) => ({
    who: alert.who || t('unknown'),
    role: alert.roles
      .filter((each) => role.has(each))
      .map((each) => role(each))
      .join(', '),
    count: alert.refused,
    time: times.dateTime(alert.at),
  });
  return (
    <Alert
      color="red"
      role="region"
      title={t('title')}
      icon={<IconShieldExclamation aria-hidden />}
    >
      <p>{t('meaning')}</p>
      <ul className={classes.alerts}>
        {alerts.data.map((alert) => (
          <li key={alert.seq}>
            <span>{t('line', line(alert))}</span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('showOf', { who: alert.who })}
              onClick={() => onShow(alert.email || alert.who)}
            >
              {t('show')}
            </Button>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
