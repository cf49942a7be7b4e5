import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { regionOf, useTimes } from '@/lib/time/useTimes';

export type Unit = 'ms' | 'kbps' | 'fps';

/** Figures, moments and browsers in the reader's words. */
export function useFigures() {
  const t = useTranslations('visits/support');
  const region = regionOf(useCurrentLocale());
  const { timeZone } = useTimes();
  const clock = new Intl.DateTimeFormat(region, { timeZone, timeStyle: 'medium' });
  const share = new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 1 });
  const tenths = new Intl.NumberFormat(region, { maximumFractionDigits: 1 });
  return {
    /** To the second: two things that happen in a call are often in one minute. */
    clock: (at: string) => clock.format(new Date(at)),
    percent: (value: number | null) => (value === null ? '–' : share.format(value)),
    seconds: (ms: number) => t('seconds', { value: tenths.format(ms / 1000) }),
    inUnit: (value: number | null, unit: Unit) =>
      value === null ? '–' : t(`unit.${unit}`, { value: tenths.format(value) }),
    /** 'Chrome 140 on Android', as the API says it. */
    browser: (name: string | null) => {
      if (name === null) return t('unknown');
      const [browser = '', system] = name.split(' on ');
      return system ? t('browserOn', { browser, system }) : browser;
    },
  };
}
