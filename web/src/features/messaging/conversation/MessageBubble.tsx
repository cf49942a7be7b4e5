import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import type { Message } from '../queries';
import classes from './Conversation.module.css';

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
