import { capital } from './capital';

/** Where most of our readers are: first, by what people call them. */
const AMERICAN = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'America/Puerto_Rico',
];

/** Time zones to choose from, with the one in use first if it is none of the usual. */
export function timeZones(current: string, locale: string): { value: string; label: string }[] {
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => !AMERICAN.includes(zone));
  const zones = new Set([...(AMERICAN.includes(current) ? [] : [current]), ...AMERICAN, ...others]);
  return [...zones].map((value) => ({ value, label: labelOf(value, locale) }));
}

/** 'Eastern Time (New York)' for those that people know by a name, else the place: 'Europe/Madrid'. */
function labelOf(zone: string, locale: string): string {
  const place = zone.replaceAll('_', ' ');
  if (!AMERICAN.includes(zone)) return place;
  const parts = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    timeZoneName: 'longGeneric',
  }).formatToParts(new Date());
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
  return `${capital(name)} (${place.split('/').at(-1)})`;
}
