import { IconPhoneCall, IconVideo, IconVolume } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import type { QueueEntry } from '../model';
import classes from './Queue.module.css';

const ICONS = { video: IconVideo, voice: IconVolume, none: IconPhoneCall };

/** What the patient's last check of devices and network says of the call: before admitting, not after. */
export function CheckMark({ check }: { check: NonNullable<QueueEntry['check']> }) {
  const t = useTranslations('visits/queue.check');
  const trouble = useTranslations('visits/queue.troubles');
  const times = useTimes();
  const Icon = ICONS[check.verdict];
  const why = check.troubles.map((code) => (trouble.has(code) ? trouble(code) : code)).join(', ');
  const verdict = t(check.verdict);
  const words = t(why ? 'because' : 'label', { verdict, why, time: times.time(check.at) });
  return (
    <span className={classes.check} data-verdict={check.verdict} title={words}>
      <Icon size={16} aria-hidden />
      <span aria-hidden>{t(`short.${check.verdict}`)}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
