import { useCurrentLocale } from '@/lib/i18n/locale';
import { zoneName } from '@/lib/time/zoneName';
import type { LocationName } from '../model';

/** Locations to choose from, each with the zone in which its times are. */
export function useLocationChoices(locations: readonly LocationName[]) {
  const locale = useCurrentLocale();
  return locations.map(({ id, name, time_zone }) => ({
    value: id,
    label: `${name} (${zoneName(time_zone, locale)})`,
  }));
}
