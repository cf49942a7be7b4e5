import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ChartSummary } from '../queries';
import { Identity } from './Identity';
import { Risks } from './Risks';
import classes from './Strip.module.css';

interface PatientStripProps {
  summary: ChartSummary;
  /** Whether the name is the page's heading, or the page has another. */
  heading?: boolean;
  /** What is known of a pregnancy: the answer at intake. */
  pregnant?: string | null | undefined;
  /** What else could hurt: red flags of the visit. */
  children?: ReactNode;
}

/**
 * Whom one acts for, and what could hurt them: it stays in sight at every scroll position of each page that is about
 * one patient, because writing and prescribing happen far below the top.
 */
export function PatientStrip({ summary, heading = false, pregnant, children }: PatientStripProps) {
  const t = useTranslations('chart/strip');
  return (
    <section className={classes.strip} aria-label={t('strip')} data-patient-strip>
      <Identity patient={summary.patient} heading={heading} />
      <Risks summary={summary} pregnant={pregnant ?? null}>
        {children}
      </Risks>
    </section>
  );
}
