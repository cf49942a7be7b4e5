import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useMaySign } from '@/lib/session/stepUp/SigningOff';
import { useTimes } from '@/lib/time/useTimes';
import { StatusBadge, type Tone } from '@/ui/marks/StatusBadge';
import { type Line, PRESCRIPTIONS, phoneWords, useWords } from './model';
import classes from './Prescribing.module.css';

const TONES: Readonly<Record<string, Tone>> = {
  draft: 'attention',
  signed: 'attention',
  sending: 'attention',
  sent: 'active',
  accepted: 'active',
  error: 'danger',
  cancelled: 'done',
};

interface PrescriptionListProps {
  items: readonly Line[];
  label: string;
  /** Opens a draft of one's own to go on with it; without it there is no button. */
  onOpen?: (id: string) => void;
}

/** Prescriptions with where each is on its way to the pharmacy, told as it happens. */
export function PrescriptionList({ items, label, onOpen }: PrescriptionListProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {items.map((line) => (
        <Item key={line.id} line={line} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function Item({ line, onOpen }: { line: Line; onOpen: ((id: string) => void) | undefined }) {
  const t = useTranslations('chart/prescribing.list');
  const say = useWords();
  const state = useStateWords(line);
  return (
    <li className={classes.item} data-status={line.status}>
      <div className={classes.itemHead}>
        <strong>{line.drug}</strong>
        <StatusBadge tone={TONES[line.status] ?? 'done'}>{t(`status.${line.status}`)}</StatusBadge>
      </div>
      <span>{say(line.sig_text)}</span>
      <span className={classes.state} role="status">
        {state}
      </span>
      {line.mine && <Actions line={line} onOpen={onOpen} />}
    </li>
  );
}

/** 'Sent to Elm Street Pharmacy 10:42, received 10:43.' */
function useStateWords(line: Line): string {
  const t = useTranslations('chart/prescribing.list.state');
  const times = useTimes();
  const pharmacy = line.pharmacy?.name ?? '';
  const at = (moment: string | null) => (moment ? times.time(moment) : '');
  switch (line.status) {
    case 'sent':
      return t('sent', { pharmacy, sent: at(line.sent_at) });
    case 'accepted':
      return t('accepted', { pharmacy, sent: at(line.sent_at), received: at(line.answered_at) });
    case 'error':
      return line.failure === 'rejected'
        ? t('rejected', { pharmacy, words: line.pharmacy_words ?? '' })
        : t('unreachable', { pharmacy, phone: phoneWords(line.pharmacy?.phone ?? '') });
    case 'signed':
    case 'sending':
      return t('sending', { pharmacy });
    default:
      return t(line.status);
  }
}

function Actions({ line, onOpen }: { line: Line; onOpen: ((id: string) => void) | undefined }) {
  const t = useTranslations('chart/prescribing.list');
  const path = { params: { path: { prescription_id: line.id } } };
  const invalidates = [PRESCRIPTIONS];
  const cancel = useAction({
    run: () => take(api.POST('/api/prescriptions/{prescription_id}/cancel', path)),
    invalidates,
  });
  const again = useAction({
    run: () => take(api.POST('/api/prescriptions/{prescription_id}/send-again', path)),
    invalidates,
  });
  const maySign = useMaySign();
  const undelivered = line.status === 'error' && line.failure === 'unreachable';
  const cancellable = line.status === 'draft' || line.status === 'signed';
  if (!undelivered && !cancellable) return null;
  return (
    <>
      <Group gap="xs">
        {line.status === 'draft' && onOpen && (
          <Button size="compact-sm" onClick={() => onOpen(line.id)}>
            {t('goOn')}
          </Button>
        )}
        {undelivered && (
          <Button
            size="compact-sm"
            disabled={!maySign}
            loading={again.isPending}
            onClick={() => again.mutate()}
          >
            {t('sendAgain')}
          </Button>
        )}
        {cancellable && (
          <Button
            size="compact-sm"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {t(line.status === 'draft' ? 'discard' : 'callBack')}
          </Button>
        )}
      </Group>
      <FormProblem of={cancel.error ?? again.error} />
    </>
  );
}
