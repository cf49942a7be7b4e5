import { useCurrentLocale } from '@/lib/i18n/locale';
import { zoneName } from '@/lib/time/zoneName';
import type { LocationName } from '../model';

/** What a choice of location is given: the names, and beneath it the zone of the one that is chosen. */
export function useLocationField(locations: readonly LocationName[]) {
  const locale = useCurrentLocale();
  const zones = new Map(locations.map(({ id, time_zone }) => [id, zoneName(time_zone, locale)]));
  const data = locations.map(({ id, name }) => ({ value: id, label: name }));
  return (chosen: string | null | undefined) => ({
    data,
    description: chosen ? zones.get(chosen) : undefined,
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as const satisfies string[],
  });
}
