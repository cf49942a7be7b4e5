import { Button } from '@mantine/core';
import { IconMoodSad } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useErrorText } from '@/lib/errors/useErrorText';
import { pathOf } from '../model';
import classes from './BadCall.module.css';

type Reason = components['schemas']['MarkReason'];

const REASONS = ['no_sound', 'bad_sound', 'bad_picture', 'dropped', 'other'] as const;

interface BadCallProps {
  visitId: string;
  attempt: string;
}

/** One tap says that the call is, or was, bad. What was bad may follow, and need not. */
export default function BadCall({ visitId, attempt }: BadCallProps) {
  const t = useTranslations('visits/mark');
  const errorText = useErrorText();
  const mark = useAction({
    run: (reason: Reason) =>
      take(
        api.POST('/api/visits/{visit_id}/connection/mark', {
          ...pathOf(visitId),
          body: { attempt_id: attempt, reason },
        }),
      ),
  });
  const said = mark.variables;
  const marked = mark.isSuccess || (said !== undefined && said !== 'unsaid');
  return (
    <div className={classes.mark} data-bad-call>
      {!marked && (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconMoodSad size={18} aria-hidden />}
          loading={mark.isPending}
          onClick={() => mark.mutate('unsaid')}
        >
          {t('tap')}
        </Button>
      )}
      <p role="status" className={marked || mark.isError ? undefined : 'visually-hidden'}>
        {mark.isError ? errorText(mark.error.code) : marked && t('thanks')}
      </p>
      {marked && (
        <fieldset className={classes.reasons}>
          <legend>{t('what')}</legend>
          {REASONS.map((reason) => (
            <Button
              key={reason}
              size="sm"
              variant={said === reason ? 'light' : 'default'}
              aria-pressed={said === reason}
              onClick={() => mark.mutate(reason)}
            >
              {t(`reason.${reason}`)}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
