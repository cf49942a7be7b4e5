import { useTranslations } from 'use-intl';
import classes from './ProgressThread.module.css';
import type { Step } from './steps';

interface ProgressThreadProps {
  steps: readonly Step[];
  at: number;
}

/** How far one has come: a knot for each screen, and the same in words. Answers may add screens, or take some away. */
export function ProgressThread({ steps, at }: ProgressThreadProps) {
  const t = useTranslations('intake.progress');
  const words = t('step', { at: at + 1, of: steps.length });
  return (
    <div className={classes.progress}>
      <p className={classes.words}>
        <strong>{words}</strong>
        <span>{t(steps[at]?.section ?? 'you')}</span>
      </p>
      <div
        className={classes.thread}
        role="progressbar"
        aria-label={t('label')}
        aria-valuemin={1}
        aria-valuemax={steps.length}
        aria-valuenow={at + 1}
        aria-valuetext={words}
      >
        {steps.map(({ id }, place) => (
          <span
            key={id}
            className={classes.knot}
            data-state={place < at ? 'done' : place === at ? 'now' : 'next'}
          />
        ))}
      </div>
    </div>
  );
}
