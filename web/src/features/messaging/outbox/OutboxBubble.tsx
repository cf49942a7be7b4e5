import type { Written } from '@/lib/outbox/messages';
import type { Entry } from '@/lib/outbox/outbox';
import { StandingLine } from '@/ui/unsent/StandingLine';
import classes from '../conversation/Conversation.module.css';

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
