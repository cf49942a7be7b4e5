import type { LocationName } from '../model';

/** Locations to choose from, each with the zone in which its times are. */
export const locationChoices = (locations: readonly LocationName[]) =>
  locations.map(({ id, name, time_zone }) => ({
    value: id,
    label: `${name} (${time_zone.replaceAll('_', ' ')})`,
  }));
