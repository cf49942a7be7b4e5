import { useTranslations } from 'use-intl';
import { VIEWS, type View } from './queries';
import classes from './ViewTabs.module.css';

interface ViewTabsProps {
  view: View;
  counts: Readonly<Record<string, number>>;
  onChange: (view: View) => void;
}

/** The queue's views with how many tasks are in each. */
export function ViewTabs({ view, counts, onChange }: ViewTabsProps) {
  const t = useTranslations('followup');
  return (
    <fieldset className={classes.tabs} aria-label={t('views')}>
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          className={classes.tab}
          aria-pressed={view === each}
          data-alarm={(each === 'overdue' && (counts.overdue ?? 0) > 0) || undefined}
          onClick={() => onChange(each)}
        >
          {t(`view.${each}`)}
          {counts[each] !== undefined && <span className={classes.count}>{counts[each]}</span>}
        </button>
      ))}
    </fieldset>
  );
}
