import { useTranslations } from 'use-intl';

interface GenderFacts {
  clinical_sex: string;
  pronouns: string;
  pronouns_other: string;
}

/** Sex for clinical use, which may be 'not recorded', and the pronouns, where somebody has said them. */
export function useGenderMarks(): (of: GenderFacts) => string {
  const sex = useTranslations('chart/strip.sex');
  const pronouns = useTranslations('chart/strip.pronouns');
  const said = ({ pronouns: chosen, pronouns_other: words }: GenderFacts) => {
    if (chosen === 'other') return words;
    return chosen === 'she' || chosen === 'he' || chosen === 'they' ? pronouns(chosen) : '';
  };
  return (of) => [sex(of.clinical_sex), said(of)].filter(Boolean).join(' · ');
}
