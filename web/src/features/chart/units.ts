/*
 * The record keeps UCUM metric units; clinics in the United States read and type some of them
 * otherwise. Both directions stand here, and nothing else converts.
 */
interface Shown {
  unit: string;
  digits: number;
  show: (stored: number) => number;
  store: (shown: number) => number;
}

const CUSTOMARY: Readonly<Record<string, Shown>> = {
  Cel: { unit: '°F', digits: 1, show: (c) => c * 1.8 + 32, store: (f) => (f - 32) / 1.8 },
  kg: { unit: 'lb', digits: 1, show: (kg) => kg / 0.45359237, store: (lb) => lb * 0.45359237 },
  cm: { unit: 'in', digits: 1, show: (cm) => cm / 2.54, store: (inch) => inch * 2.54 },
};

const NAMES: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  '/min': '/min',
  'kg/m2': 'kg/m²',
  '{score}': '',
  'm[IU]/L': 'mIU/L',
  '10*3/uL': '×10³/µL',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
};

const round = (value: number, digits: number): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;

export const unitName = (ucum: string | null): string =>
  ucum ? (CUSTOMARY[ucum]?.unit ?? NAMES[ucum] ?? ucum) : '';

/** A stored value as it is read. */
export function shown(value: number, ucum: string | null): number {
  const customary = ucum ? CUSTOMARY[ucum] : undefined;
  return customary ? round(customary.show(value), customary.digits) : round(value, 2);
}

/** A typed value as it is stored. */
export function stored(value: number, ucum: string | null): number {
  const customary = ucum ? CUSTOMARY[ucum] : undefined;
  return customary ? round(customary.store(value), 2) : value;
}
