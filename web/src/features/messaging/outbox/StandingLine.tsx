import { UnstyledButton } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useErrorText } from '@/lib/errors/useErrorText';
import { outbox } from '@/lib/outbox/device';
import type { Entry } from '@/lib/outbox/outbox';
import { useTimes } from '@/lib/time/useTimes';
import classes from './Outbox.module.css';

/** How something stands that is not sent yet, and what can be done about it. */
export function StandingLine({ entry, onEdit }: { entry: Entry; onEdit: () => void }) {
  const t = useTranslations('messaging/outbox');
  const { item, standing } = entry;
  const text = useStanding(entry);
  const asks = standing === 'refused' || standing === 'old';
  const send = () => void outbox.retry(item.id);
  return (
    <div className={classes.standing} data-standing={standing} role={asks ? 'alert' : 'status'}>
      <span>
        {standing === 'waiting' && <IconClock size={14} aria-hidden />}
        {text}
      </span>
      {standing === 'waiting' && <Deed onClick={outbox.poke}>{t('tryNow')}</Deed>}
      {asks && (
        <span className={classes.deeds}>
          <Deed onClick={send}>{t(standing === 'old' ? 'send' : 'sendAgain')}</Deed>
          <Deed onClick={onEdit}>{t('edit')}</Deed>
          <Deed onClick={() => void outbox.discard(item.id)}>{t('discard')}</Deed>
        </span>
      )}
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
  const t = useTranslations('messaging/outbox.standing');
  const errorText = useErrorText();
  const times = useTimes();
  if (standing === 'old') return t('old', { when: times.relative(new Date(item.writtenAt)) });
  if (standing !== 'refused') return t(standing);
  const params = item.refused?.params as Record<string, string | number> | undefined;
  return t('refused', { reason: errorText(item.refused?.code ?? 'unexpected', params) });
}
