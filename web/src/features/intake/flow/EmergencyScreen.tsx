import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { HelpLines } from '@/ui/help/HelpLines';
import { QuickExit } from '@/ui/help/QuickExit';
import { usePageTitle } from '@/ui/page/usePageTitle';
import type { Intake } from '../model';
import type { Language } from '../rules/questionnaire';
import type { Rule } from '../rules/redFlags';
import classes from './EmergencyScreen.module.css';

interface EmergencyScreenProps {
  flags: readonly Rule[];
  numbers: Intake['numbers'];
  language: Language;
  /** Whether the clinic knows of it, or could not be told yet. */
  told: boolean;
  onContinue: () => void;
}

/** Takes the whole screen when an answer is a red flag: what it may be, and whom to call now. */
export function EmergencyScreen({
  flags,
  numbers,
  language,
  told,
  onContinue,
}: EmergencyScreenProps) {
  const t = useTranslations('intake.emergency');
  const heading = useRef<HTMLHeadingElement>(null);
  const emergency = flags.some((flag) => flag.level === 'emergency');
  const watched = flags.some((flag) => flag.line === 'violence' || flag.line === 'assault');
  usePageTitle(t('tab'));
  useEffect(() => heading.current?.focus(), []);

  return (
    <section
      className={classes.screen}
      data-level={emergency ? 'emergency' : 'urgent'}
      role="alert"
    >
      {watched && <QuickExit />}
      <p className={classes.kicker}>
        <IconAlertTriangle size={22} aria-hidden />
        {t(emergency ? 'emergency' : 'urgent')}
      </p>
      <h1 ref={heading} tabIndex={-1} className={classes.title}>
        {flags[0]?.title[language]}
      </h1>
      <p className={classes.advice}>{flags[0]?.advice[language]}</p>
      {flags.slice(1).map((flag) => (
        <div key={flag.id} className={classes.also}>
          <h2>{flag.title[language]}</h2>
          <p>{flag.advice[language]}</p>
        </div>
      ))}
      <HelpLines flags={flags} numbers={numbers} />
      <p className={classes.told} role="status">
        {t(told ? 'told' : 'notTold')}
      </p>
      <Button variant="subtle" color="gray" fullWidth onClick={onContinue}>
        {t('continue')}
      </Button>
    </section>
  );
}
