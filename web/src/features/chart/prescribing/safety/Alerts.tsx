import { Group, TextInput, UnstyledButton } from '@mantine/core';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconInfoCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainDate } from '@/lib/time/useTimes';
import { type Alert, useWords } from '../model';
import classes from './Alerts.module.css';

const ICONS: Readonly<Record<string, TablerIcon>> = {
  high: IconAlertOctagon,
  moderate: IconAlertTriangle,
  low: IconInfoCircle,
};
const QUICK = ['tolerated', 'benefit', 'monitored', 'outdated'] as const;

interface AlertsProps {
  alerts: readonly Alert[];
  denied: readonly string[];
  reasons: Readonly<Record<string, string>>;
  error: (path: string) => string | null;
  onReason: (key: string, reason: string) => void;
}

/** What speaks against the prescription, the gravest first; a high one asks for a reason. */
export function Alerts({ alerts, denied, reasons, error, onReason }: AlertsProps) {
  const t = useTranslations('chart/prescribing.alerts');
  return (
    <section aria-label={t('title')} className={classes.alerts} aria-live="polite">
      {alerts.map((alert) => (
        <AlertCard
          key={alert.key}
          alert={alert}
          reason={reasons[alert.key] ?? ''}
          error={error(`reasons.${alert.key}`)}
          onReason={(reason) => onReason(alert.key, reason)}
        />
      ))}
      <p className={classes.note}>
        {alerts.length === 0 && t('none')} {t('incomplete')}
        {denied.length > 0 && ` ${t('denied', { entries: denied.join('; ') })}`}
      </p>
    </section>
  );
}

interface AlertCardProps {
  alert: Alert;
  reason: string;
  error: string | null;
  onReason: (reason: string) => void;
}

function AlertCard({ alert, reason, error, onReason }: AlertCardProps) {
  const t = useTranslations('chart/prescribing.alerts');
  const say = useWords();
  const locale = useCurrentLocale();
  const Icon = ICONS[alert.severity] ?? IconInfoCircle;
  return (
    <article className={classes.alert} data-severity={alert.severity}>
      <h4 className={classes.title}>
        <Icon size={20} aria-hidden />
        <span>
          {t(`severity.${alert.severity}`)}: {t(`kind.${alert.kind}`)}
          {alert.kind !== 'dose' && ` – ${alert.other}`}
          {alert.ended_on && ` (${t('endedOn', { date: plainDate(alert.ended_on, locale) })})`}
        </span>
      </h4>
      <p>{say(alert.effect)}</p>
      <p className={classes.action}>{say(alert.action)}</p>
      <p className={classes.source}>{t('source', { source: alert.source })}</p>
      {alert.severity === 'high' && (
        <>
          <TextInput
            label={t('reason')}
            value={reason}
            maxLength={200}
            required
            error={error && <ErrorText code={error} />}
            onChange={(event) => onReason(event.currentTarget.value)}
          />
          <Group gap="xs" mt="xs">
            {QUICK.map((each) => (
              <UnstyledButton
                key={each}
                type="button"
                className={classes.quick ?? ''}
                onClick={() => onReason(t(`quick.${each}`))}
              >
                {t(`quick.${each}`)}
              </UnstyledButton>
            ))}
          </Group>
        </>
      )}
    </article>
  );
}
