import { UnstyledButton } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useErrorText } from '@/lib/errors/useErrorText';
import { sendAfterAll } from '@/lib/outbox/deliver';
import { outbox } from '@/lib/outbox/device';
import { isWritten } from '@/lib/outbox/messages';
import type { Entry } from '@/lib/outbox/outbox';
import { useTimes } from '@/lib/time/useTimes';
import classes from './Unsent.module.css';

interface StandingLineProps {
  entry: Entry;
  /** Puts it back to where it was written; without it there is nothing to write. */
  onEdit?: (() => void) | undefined;
}

/** Somebody else was faster: the same again would be refused again. */
const STALE = new Set(['task_changed', 'record_stale', 'idempotency_key_reused']);

/** How something stands that is not sent yet, and what can be done about it. */
export function StandingLine({ entry, onEdit }: StandingLineProps) {
  const t = useTranslations('messaging/outbox');
  const { item, standing } = entry;
  const text = useStanding(entry);
  const message = isWritten(item);
  const refusedFor = item.refused?.code;
  const asks = standing === 'refused' || standing === 'old' || standing === 'lapsed';
  const again = asks && standing !== 'lapsed' && !STALE.has(refusedFor ?? '');
  // What nobody has answered may have been done: changed, it would be done twice. A message is known by its own mark.
  const mayEdit = onEdit && asks && (message || standing !== 'old');
  const againLabel = t(
    standing === 'old' ? (message ? 'send' : 'do') : message ? 'sendAgain' : 'doAgain',
  );
  return (
    <div className={classes.standing} data-standing={standing} role={asks ? 'alert' : 'status'}>
      <span>
        {standing === 'waiting' && <IconClock size={14} aria-hidden />}
        {text}
      </span>
      <span className={classes.deeds}>
        {standing === 'waiting' && <Deed onClick={outbox.poke}>{t('tryNow')}</Deed>}
        {again && <Deed onClick={() => void sendAfterAll(item.id, refusedFor)}>{againLabel}</Deed>}
        {mayEdit && <Deed onClick={onEdit}>{t('edit')}</Deed>}
        {(asks || (!message && standing !== 'sending')) && (
          <Deed onClick={() => void outbox.discard(item.id)}>{t('discard')}</Deed>
        )}
      </span>
    </div>
  );
}

function Deed({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <UnstyledButton className={classes.deed} onClick={onClick}>
      {children}
    </UnstyledButton>
  );
}

function useStanding({ item, standing }: Entry): string {
  const message = useTranslations('messaging/outbox.standing');
  const deed = useTranslations('messaging/outbox.deed');
  const errorText = useErrorText();
  const times = useTimes();
  const when = times.relative(new Date(item.writtenAt));
  const params = item.refused?.params as Record<string, string | number> | undefined;
  const reason = errorText(item.refused?.code ?? 'unexpected', params);
  if (standing === 'sending' || standing === 'sent') return message(standing);
  if (!isWritten(item)) return deed(standing, { when, reason });
  return message(standing === 'lapsed' ? 'old' : standing, { when, reason });
}
