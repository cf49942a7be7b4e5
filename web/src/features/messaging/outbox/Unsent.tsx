import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { isWrittenEntry, useUnsent } from '@/lib/outbox/device';
import { putBackWritten } from '@/lib/outbox/editing';
import { isMessage, type Written } from '@/lib/outbox/messages';
import type { Entry } from '@/lib/outbox/outbox';
import { isPatient, usePerson } from '@/lib/session/session';
import { StandingLine } from '@/ui/unsent/StandingLine';
import classes from '@/ui/unsent/Unsent.module.css';

/** What waits on this device, above the list of conversations; nothing when nothing does. */
export function Unsent() {
  const t = useTranslations('messaging/outbox');
  const entries = useUnsent().filter(isWrittenEntry);
  if (entries.length === 0) return null;
  return (
    <section className={classes.unsent} aria-label={t('list')}>
      <h2 className={classes.title}>{t('list')}</h2>
      <ul className={classes.items}>
        {entries.map((entry) => (
          <UnsentRow key={entry.item.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

/** A message that waits, where its conversation is not on screen. */
export function UnsentRow({ entry }: { entry: Entry<Written> }) {
  const t = useTranslations('messaging/outbox');
  const forPatient = isPatient(usePerson());
  const navigate = useNavigate();
  const { letter } = entry.item;
  const thread = forPatient ? '/messages/$threadId' : '/inbox/$threadId';

  const edit = async () => {
    if (!(await putBackWritten(entry.item))) return;
    if (isMessage(letter)) await navigate({ to: thread, params: { threadId: letter.threadId } });
    else if (letter.patientId)
      await navigate({
        to: '/patients/$patientId/message',
        params: { patientId: letter.patientId },
      });
    else await navigate({ to: '/messages/new' });
  };
  return (
    <li className={classes.item}>
      {isMessage(letter) ? (
        <Link to={thread} params={{ threadId: letter.threadId }} className={classes.about}>
          {letter.about}
        </Link>
      ) : (
        <span className={classes.about}>
          {letter.patientName === null
            ? letter.subject
            : t('to', { name: letter.patientName, subject: letter.subject })}
        </span>
      )}
      <p className={classes.body}>{letter.body}</p>
      <StandingLine entry={entry} onEdit={() => void edit()} />
    </li>
  );
}
