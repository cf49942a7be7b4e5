import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import type { ChartSummary } from '../queries';
import { Listed } from './Listed';
import classes from './Strip.module.css';

interface RisksProps {
  summary: ChartSummary;
  pregnant?: string | null;
  children?: ReactNode;
}

const SHOWN = 2;

/** Allergies, medicines and pregnancy in one line; 'none' and 'not recorded' are two things. */
export function Risks({ summary, pregnant = null, children }: RisksProps) {
  const t = useTranslations('chart.strip');
  const { allergies, medicines, nothing_known: none } = summary;
  const names = allergies.slice(0, SHOWN).map(({ display }) => display ?? '');
  const more = allergies.length - names.length;
  const expecting = pregnancyOf(summary, pregnant);
  return (
    <div className={classes.risks}>
      <Listed
        tone={allergies.length > 0 ? 'danger' : none.allergies ? 'plain' : 'unknown'}
        label={
          allergies.length > 0
            ? t('allergies', { names: names.join(', '), more })
            : t(none.allergies ? 'noAllergies' : 'allergiesUnknown')
        }
        title={t('allergiesTitle')}
        lines={allergies.map(({ display, reaction }) => [display, reaction])}
      />
      <Listed
        tone={medicines.length > 0 || none.medicines ? 'plain' : 'unknown'}
        label={
          medicines.length > 0
            ? t('medicines', { count: medicines.length })
            : t(none.medicines ? 'noMedicines' : 'medicinesUnknown')
        }
        title={t('medicinesTitle')}
        lines={medicines.map(({ display, dosage }) => [display, dosage])}
      />
      {expecting && <StatusBadge tone="attention">{t(`pregnant.${expecting}`)}</StatusBadge>}
      {children}
    </div>
  );
}

/** ICD-10-CM: pregnant (Z33.1, Z34), at high risk (O09), with complications until labor (O10 to O48, O60 to O77). */
const PREGNANT = /^(Z33\.1|Z34|O09|O[1-4]|O[67])/;

/** What the intake and the problem list say of a pregnancy; the patient's own 'no' to today's question is not shown. */
function pregnancyOf({ problems }: ChartSummary, told: string | null): 'yes' | 'maybe' | null {
  const listed = problems.some(
    ({ code, status }) => status === 'active' && PREGNANT.test(code ?? ''),
  );
  if (told === 'yes' || listed) return 'yes';
  return told === 'maybe' ? 'maybe' : null;
}
