import { UnstyledButton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useErrorText } from '@/lib/errors/useErrorText';
import { useTimes } from '@/lib/time/useTimes';
import classes from './Conversation.module.css';
import type { Message } from './queries';
import type { Outgoing } from './useOutgoing';

interface MessageBubbleProps {
  message: Message;
  mine: boolean;
  /** Who wrote it; not again under the same name. */
  author: string | null;
}

export function MessageBubble({ message, mine, author }: MessageBubbleProps) {
  const times = useTimes();
  return (
    <li className={classes.message} data-mine={mine || undefined}>
      {author && <span className={classes.who}>{author}</span>}
      <p className={classes.bubble}>{message.body}</p>
      <time className={classes.foot} dateTime={message.at}>
        {times.time(message.at)}
      </time>
    </li>
  );
}

/** A message that has not arrived yet: on its way, or failed with its text kept. */
export function OutgoingBubble(props: {
  outgoing: Outgoing;
  onRetry: () => void;
  onDiscard: () => void;
}) {
  const t = useTranslations('messaging');
  const errorText = useErrorText();
  const { problem, body } = props.outgoing;
  return (
    <li className={classes.message} data-mine data-failed={problem ? true : undefined}>
      <p className={classes.bubble}>{body}</p>
      {problem ? (
        <span className={classes.foot} role="alert">
          <span className={classes.failed}>{errorText(problem.code)}</span>
          <UnstyledButton onClick={props.onRetry} className={classes.failed}>
            <u>{t('retry')}</u>
          </UnstyledButton>
          <UnstyledButton onClick={props.onDiscard} className={classes.failed}>
            <u>{t('discard')}</u>
          </UnstyledButton>
        </span>
      ) : (
        <span className={classes.foot}>{t('sending')}</span>
      )}
    </li>
  );
}

/** What the system says between the messages. */
export function SystemLine({ message }: { message: Message }) {
  const t = useTranslations('messaging');
  const times = useTimes();
  return (
    <li className={classes.system}>
      <IconCircleCheck size={18} aria-hidden />
      {t('visitEnded', { time: times.time(message.at) })}
    </li>
  );
}
