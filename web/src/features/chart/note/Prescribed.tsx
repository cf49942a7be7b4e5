import { useTranslations } from 'use-intl';
import { type Line, useWords } from '../prescribing/model';
import classes from './NoteText.module.css';

/** What was prescribed in the visit, to read beside its note. */
export function Prescribed({ lines }: { lines: readonly Line[] }) {
  const t = useTranslations('chart.summary');
  const finish = useTranslations('chart.finish');
  const say = useWords();
  return (
    <section>
      <h3 className={classes.heading}>{t('prescriptions')}</h3>
      {lines.length === 0 && <p className={classes.none}>{finish('noPrescriptions')}</p>}
      {lines.length > 0 && (
        <ul className={classes.list}>
          {lines.map(({ id, drug, sig_text, pharmacy, status }) => (
            <li key={id}>
              <strong>{drug}</strong>: {say(sig_text)}{' '}
              <span className={classes.none}>
                {[t.has(`rx.${status}`) ? t(`rx.${status}`) : status, pharmacy?.name]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
