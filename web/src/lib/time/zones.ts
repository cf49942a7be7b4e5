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
export function timeZones(current: string): string[] {
  const all = new Set([...AMERICAN, ...Intl.supportedValuesOf('timeZone')]);
  return [...new Set([...(AMERICAN.includes(current) ? [] : [current]), ...all])];
}
