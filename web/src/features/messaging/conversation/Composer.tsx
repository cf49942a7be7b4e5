import { Button, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type KeyboardEvent, useId } from 'react';
import { useTranslations } from 'use-intl';
import { isPatient, usePerson } from '@/lib/session/session';
import { MAX_BODY } from '../limits';
import { UrgentAsk } from '../urgent/UrgentAsk';
import classes from './Conversation.module.css';
import type { Draft } from './useDraft';

interface ComposerProps {
  draft: Draft;
  threadId: string;
  label: string;
  hint?: React.ReactNode;
  /** Done when the message is kept until it is sent. */
  onSend: (body: string) => Promise<unknown>;
}

/** Where a message is written. Ctrl+Enter (or ⌘+Enter) sends; unsent text is kept. */
export function Composer({ draft, threadId, label, hint, onSend }: ComposerProps) {
  const t = useTranslations('messaging');
  const hintId = useId();
  const patientWrites = isPatient(usePerson());
  const body = draft.text.trim();
  const tooLong = body.length > MAX_BODY;

  const send = () => {
    if (!body || tooLong) return;
    draft.clear(onSend(body));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={label}
        autosize
        minRows={2}
        maxRows={8}
        value={draft.text}
        onChange={(event) => draft.write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        error={tooLong && t('tooLong', { most: MAX_BODY, now: body.length })}
        aria-describedby={hint ? hintId : undefined}
      />
      {patientWrites && <UrgentAsk text={draft.text} threadId={threadId} />}
      <div className={classes.composerFoot}>
        <span id={hintId} className={classes.composerHint}>
          {hint}
        </span>
        <Button type="submit" disabled={!body || tooLong} leftSection={<IconSend size={18} />}>
          {t('send')}
        </Button>
      </div>
    </form>
  );
}
