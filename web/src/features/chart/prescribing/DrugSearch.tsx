import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type Drug, drugsQuery, recentDrugsQuery, useWords } from './model';
import classes from './Prescribing.module.css';
import { SearchBox } from './SearchBox';

function useDrugs(words: string) {
  const recent = useQuery(recentDrugsQuery);
  const found = useQuery(drugsQuery(words));
  return {
    found: words.length > 1 ? (found.data ?? []) : (recent.data ?? []),
    loading: found.isFetching,
  };
}

interface DrugSearchProps {
  onChoose: (drug: Drug) => void;
  takesFocus: boolean;
}

/** Finds a medicine by the beginnings of its words; before anything is typed, what one prescribes most. */
export function DrugSearch({ onChoose, takesFocus }: DrugSearchProps) {
  const t = useTranslations('chart/prescribing');
  const words = useWords();
  return (
    <SearchBox
      label={t('search.label')}
      placeholder={t('search.placeholder')}
      heading={t('search.recent')}
      none={t('search.none')}
      useFound={useDrugs}
      part="medicine"
      onChoose={onChoose}
      takesFocus={takesFocus && 'quietly'}
      render={(drug) => (
        <span className={classes.option}>
          <span>
            <strong>{drug.name}</strong> {drug.strength} {words(drug.label)}
          </span>
          <span className={classes.quiet}>
            {[drug.brand, drug.schedule && t('search.controlled')].filter(Boolean).join(' · ')}
          </span>
        </span>
      )}
    />
  );
}
