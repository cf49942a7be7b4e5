import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useCurrentLocale } from '@/lib/i18n/locale';

type Trend = components['schemas']['Trend'];

/** The measurements that we know, by LOINC code; they do not change while the app runs. */
const termsQuery = queryOptions({
  queryKey: ['terms', 'measurements'],
  queryFn: () => take(api.GET('/api/terminology/measurements')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The name of a measurement in the reader's language; its code while the names are on their way. */
export function useMeasurementName(): (code: string) => string {
  const locale = useCurrentLocale();
  const { data = [] } = useQuery(termsQuery);
  const t = useTranslations('terms');
  const names = new Map(
    data.map((term) => [term.code, locale === 'es' ? term.short_es : term.short]),
  );
  return (code) => (code === BLOOD_PRESSURE ? t('bloodPressure') : (names.get(code) ?? code));
}

/** UCUM as a computer writes it, and as people do. */
const UNITS: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  'kg/m2': 'kg/m²',
  '10*3/uL': '×10³/µL',
  'm[IU]/L': 'mIU/L',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  '{score}': '',
};

const unitInWords = (unit: string | null | undefined): string =>
  unit ? (UNITS[unit] ?? unit) : '';

const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';
const BLOOD_PRESSURE = '85354-9';

interface Latest {
  code: string;
  /** The number or numbers with their unit: `128/82 mmHg`. */
  value: string;
  at: string;
}

/** The latest value of each measurement, with the two halves of a blood pressure put together. */
export function latestValues(trends: readonly Trend[]): Latest[] {
  const latest = trends.flatMap(({ code, unit, points: [point] }) =>
    point ? [{ code, number: point.typed, unit: unitInWords(unit), at: point.at }] : [],
  );
  const lower = latest.find(({ code }) => code === DIASTOLIC);
  return latest
    .filter(({ code }) => code !== DIASTOLIC || !latest.some((other) => other.code === SYSTOLIC))
    .map(({ code, number, unit, at }) => {
      const both = code === SYSTOLIC && lower?.at === at ? lower.number : null;
      return {
        code: both ? BLOOD_PRESSURE : code,
        value: `${both ? `${number}/${both}` : number} ${unit}`.trim(),
        at,
      };
    });
}
