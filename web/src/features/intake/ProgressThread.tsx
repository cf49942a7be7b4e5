import { useTranslations } from 'use-intl';
import classes from './ProgressThread.module.css';
import { SECTIONS, type Step } from './steps';

interface ProgressThreadProps {
  steps: readonly Step[];
  at: number;
}

/** The thread of the intake: one knot a part, the line filled as far as one has come. */
export function ProgressThread({ steps, at }: ProgressThreadProps) {
  const t = useTranslations('intake.progress');
  const current = steps[at]?.section ?? 'you';
  const place = SECTIONS.indexOf(current);
  const within = steps.filter((step) => step.section === current);
  const done = within.findIndex((step) => step.id === steps[at]?.id) / within.length;
  return (
    <ol className={classes.thread} aria-label={t('label')}>
      {SECTIONS.map((section, index) => (
        <li
          key={section}
          className={classes.knot}
          data-state={index < place ? 'done' : index === place ? 'now' : 'next'}
          aria-current={index === place ? 'step' : undefined}
          style={{ ['--ct-done' as string]: index < place ? 1 : index === place ? done : 0 }}
        >
          <span className={classes.name}>{t(section)}</span>
        </li>
      ))}
    </ol>
  );
}
