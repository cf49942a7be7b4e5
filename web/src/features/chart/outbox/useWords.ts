import { useTranslations } from 'use-intl';
import type { ChartLetter } from './kinds';

/** What a letter does to the chart, and what was written with it. */
export function useWords() {
  const t = useTranslations('chart.unsent');
  return (letter: ChartLetter): { does: string; text: string } => {
    const { name } = letter;
    switch (letter.deed) {
      case 'add':
        return { does: t('add', { name }), text: textOf(letter) };
      case 'change':
        return { does: t('change', { name }), text: textOf(letter) };
      case 'inError':
        return { does: t('inError', { name }), text: letter.reason ?? '' };
      case 'right':
        return { does: t('right', { name }), text: '' };
    }
  };
}

function textOf({ what }: ChartLetter & { deed: 'add' | 'change' }): string {
  if (what.part === 'section') return Object.values(what.body.values).filter(Boolean).join(' · ');
  const { body } = what;
  const more = ['reaction', 'dosage', 'value', 'status'].map(
    (field) => (body as Readonly<Record<string, unknown>>)[field],
  );
  return more.filter(Boolean).join(' · ');
}
