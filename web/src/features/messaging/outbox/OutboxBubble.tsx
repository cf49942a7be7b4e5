import type { Written } from '@/lib/outbox/item';
import type { Entry } from '@/lib/outbox/outbox';
import classes from '../conversation/Conversation.module.css';
import { StandingLine } from './StandingLine';

/** A message of this device that the conversation does not have yet. */
export function OutboxBubble({ entry, onEdit }: { entry: Entry<Written>; onEdit: () => void }) {
  return (
    <li
      className={classes.message}
      data-mine
      data-failed={entry.standing === 'refused' || undefined}
    >
      <p className={classes.bubble}>{entry.item.letter.body}</p>
      <StandingLine entry={entry} onEdit={onEdit} />
    </li>
  );
}
