import { Button } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Draft, type Form, type Sig, type SigWords, useWords } from './model';
import classes from './Prescribing.module.css';
import { SigFields } from './SigFields';

interface DirectionsProps {
  draft: Draft;
  form: Form;
  words: SigWords;
  error: (path: string) => string | null;
  onChange: (part: Partial<Form>) => void;
}

/** The usual directions by one press; their parts when they have to be others; and how they read, to the patient too. */
export function Directions({ draft, form, words, error, onChange }: DirectionsProps) {
  const t = useTranslations('chart/prescribing.draft');
  const say = useWords();
  const text = draft.line.sig_text;
  const isUsual = draft.drug.usual.some((usual) => usual.text.en === text.en);
  const forPatient = text[draft.patient_language];
  const [adjusting, setAdjusting] = useState(!isUsual);
  const changeSig = (part: Partial<Sig>) => onChange({ sig: { ...form.sig, ...part } });
  return (
    <fieldset className={classes.part}>
      <legend>{t('directions')}</legend>
      <div className={classes.usual}>
        {draft.drug.usual.map((usual) => (
          <button
            key={usual.text.en}
            type="button"
            className={classes.usualButton}
            aria-pressed={usual.text.en === text.en}
            onClick={() => onChange({ sig: usual.sig, quantity: null })}
          >
            {say(usual.text)}
          </button>
        ))}
      </div>
      {adjusting ? (
        <SigFields
          drug={draft.drug}
          sig={form.sig}
          words={words}
          error={error}
          onChange={changeSig}
        />
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          className={classes.start ?? ''}
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          onClick={() => setAdjusting(true)}
        >
          {t('adjust')}
        </Button>
      )}
      <output className={classes.label} aria-live="polite">
        {(adjusting || !isUsual) && <p>{say(text)}</p>}
        {forPatient !== say(text) && (
          <p lang={draft.patient_language} className={classes.other}>
            {forPatient}
          </p>
        )}
      </output>
    </fieldset>
  );
}
