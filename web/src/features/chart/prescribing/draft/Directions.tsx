import { Button } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type Draft, type Form, type SigWords, useWords } from '../model';
import classes from '../Prescribing.module.css';
import { SigFields } from './SigFields';

interface DirectionsProps {
  draft: Draft;
  form: Form;
  /** The sentence that the server wrote is about what is on screen. */
  said: boolean;
  /** Something has to be mended first. */
  wrong: boolean;
  words: SigWords;
  error: (path: string) => string | null;
  onChange: (part: Partial<Form>) => void;
}

/** The usual directions by one press; their parts when they have to be others; and how they read, to the patient too. */
export function Directions(props: DirectionsProps) {
  const { draft, form, said, wrong, words, error, onChange } = props;
  const t = useTranslations('chart/prescribing.draft');
  const say = useWords();
  const text = draft.line.sig_text;
  const isUsual = said && draft.drug.usual.some((usual) => usual.text.en === text.en);
  const forPatient = text[draft.patient_language];
  const [opened, setOpened] = useState(!isUsual);
  // What has to be mended is shown.
  const broken = Object.keys({ ...form.typed, ...draft.wrong }).some((path) =>
    path.startsWith('sig.'),
  );
  const adjusting = opened || broken || (said && !isUsual);
  return (
    <fieldset className={classes.part}>
      <legend>{t('directions')}</legend>
      <div className={classes.usual}>
        {draft.drug.usual.map((usual) => (
          <button
            key={usual.text.en}
            type="button"
            className={classes.usualButton}
            aria-pressed={said && usual.text.en === text.en}
            onClick={() => onChange({ sig: usual.sig, quantity: null, typed: {} })}
          >
            {say(usual.text)}
          </button>
        ))}
      </div>
      {adjusting ? (
        <SigFields drug={draft.drug} form={form} words={words} error={error} onChange={onChange} />
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          className={classes.start ?? ''}
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          onClick={() => setOpened(true)}
        >
          {t('adjust')}
        </Button>
      )}
      <output className={classes.label} aria-live="polite">
        {!said && <p className={classes.unsaid}>{wrong ? t('unread') : t('updating')}</p>}
        {said && adjusting && <p>{say(text)}</p>}
        {said && forPatient !== say(text) && (
          <p lang={draft.patient_language} className={classes.other}>
            {forPatient}
          </p>
        )}
      </output>
    </fieldset>
  );
}
