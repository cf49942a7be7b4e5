import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Pharmacy, pharmaciesQuery, phoneWords } from '../model';
import classes from '../Prescribing.module.css';
import { SearchBox } from '../SearchBox';

function usePharmacies(words: string) {
  const found = useQuery(pharmaciesQuery(words));
  return { found: found.data ?? [], loading: found.isFetching };
}

const where = (pharmacy: Pharmacy) =>
  `${pharmacy.line}, ${pharmacy.city}, ${pharmacy.state} ${pharmacy.zip}`;

interface PharmacyPickerProps {
  chosen: Pharmacy | null;
  onChoose: (pharmacy: Pharmacy) => void;
  error: ReactNode;
}

/** The pharmacy that it goes to, and a search for another. */
export function PharmacyPicker({ chosen, onChoose, error }: PharmacyPickerProps) {
  const t = useTranslations('chart/prescribing.pharmacy');
  const [searching, setSearching] = useState(false);
  if (chosen && !searching) {
    return (
      <div className={classes.chosen}>
        <span className={classes.option}>
          <strong>{chosen.name}</strong>
          <span className={classes.quiet}>
            {where(chosen)} · {phoneWords(chosen.phone)}
          </span>
        </span>
        <Button variant="default" size="compact-sm" onClick={() => setSearching(true)}>
          {t('change')}
        </Button>
      </div>
    );
  }
  return (
    <SearchBox
      label={t('label')}
      placeholder={t('placeholder')}
      none={t('none')}
      useFound={usePharmacies}
      error={error}
      takesFocus={searching}
      onChoose={(pharmacy) => {
        setSearching(false);
        onChoose(pharmacy);
      }}
      render={(pharmacy) => (
        <span className={classes.option}>
          <strong>{pharmacy.name}</strong>
          <span className={classes.quiet}>{where(pharmacy)}</span>
        </span>
      )}
    />
  );
}
