import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from '@/lib/errors/useErrorText';
import classes from './States.module.css';

interface ErrorStateProps {
  error: unknown;
  /** Try again; without it, and for what is not there, there is no button. */
  retry?: (() => unknown) | undefined;
}

/** Not allowed, not there: asking again gives the same answer. */
const FINAL: readonly number[] = [403, 404];

/** Where content would be, when it could not be had: what happened, and a way to try again. */
export function ErrorState({ error, retry }: ErrorStateProps) {
  const t = useTranslations('states');
  const errorText = useErrorText();
  const problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected');
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{errorText(problem.code)}</p>
      {problem.requestId && (
        <p className={classes.hint}>{t('reference', { id: problem.requestId })}</p>
      )}
      {retry && !FINAL.includes(problem.status) && (
        <Button variant="default" onClick={() => retry()}>
          {t('tryAgain')}
        </Button>
      )}
    </div>
  );
}
