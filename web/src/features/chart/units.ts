import {
  isUnread,
  knows,
  type NumberRules,
  parted,
  plain,
  readNumber,
  type Typed,
  written,
} from '@/lib/number/read';

/*
 * The record keeps UCUM metric units; clinics in the United States read and type some of them
 * otherwise. Both directions stand here, and nothing else converts.
 */
interface Shown {
  unit: string;
  metric: string;
  digits: number;
  show: (stored: number) => number;
  store: (shown: number) => number;
  /** What people write after the number, for either unit. */
  names: readonly string[];
  metricNames: readonly string[];
}

const CUSTOMARY: Readonly<Record<string, Shown>> = {
  Cel: {
    unit: '°F',
    metric: '°C',
    digits: 1,
    show: (c) => c * 1.8 + 32,
    store: (f) => (f - 32) / 1.8,
    names: ['F', 'Fahrenheit', '°', 'grados'],
    metricNames: ['C', '°C', 'Celsius', 'centígrados'],
  },
  kg: {
    unit: 'lb',
    metric: 'kg',
    digits: 1,
    show: (kg) => kg / 0.45359237,
    store: (lb) => lb * 0.45359237,
    names: ['pounds', 'libras'],
    metricNames: ['kg', 'kilos', 'kilograms', 'kilogramos'],
  },
  cm: {
    unit: 'in',
    metric: 'cm',
    digits: 1,
    show: (cm) => cm / 2.54,
    store: (inch) => inch * 2.54,
    names: ['"', 'inches', 'pulgadas'],
    metricNames: ['cm', 'centimeters', 'centímetros'],
  },
};

/** Other words for a unit. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  '/min': ['bpm', 'lpm', 'per minute', 'por minuto'],
};
/** What is measured in whole numbers. */
const WHOLE = new Set(['mm[Hg]', '/min']);
/** 5'10", 5 ft 10 in, 5 pies 10. */
const FEET =
  /^(\d)\s?(?:'|ft|feet|foot|pies?)\s?(?:(\d{1,2})\s?(?:"|'')?\s?(?:in|inches|pulgadas)?)?$/iu;

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

const LONGEST_SHOWN = 12;

/** The same for a screen: the digits that were typed, where clinics read the unit of the record. */
export function shownText({ value, typed }: { value: number; typed: string }, ucum: string | null) {
  if (ucum && CUSTOMARY[ucum]) return String(shown(value, ucum));
  return typed.length > LONGEST_SHOWN ? String(Number(value.toPrecision(6))) : typed;
}

/** What a measurement is: its UCUM unit, and the least and most that can be right, in that unit. */
export interface Measured {
  unit: string;
  low: number;
  high: number;
}

/**
 * A measurement as it was typed, in the unit that is stored. Without a unit the customary one is meant; the metric
 * one is taken when it is written ('38.5 C'), and proposed when only it could be right.
 */
export function readMeasure(text: string, { unit, low, high }: Measured, locale: string): Typed {
  const customary = CUSTOMARY[unit];
  const rules: NumberRules = {
    locale,
    low: shown(low, unit),
    high: shown(high, unit),
    decimals: WHOLE.has(unit) ? 0 : 1,
    units: [unitName(unit), ...(ALSO[unit] ?? [])],
  };
  if (!customary) return readNumber(text, rules);
  const metric = { ...rules, low, high, decimals: 2, units: customary.metricNames };
  const word = parted(text).unit;
  if (word && knows(customary.metricNames, word)) return readNumber(text, metric);
  const feet = unit === 'cm' && FEET.exec(plain(text));
  const said = feet ? written(Number(feet[1]) * 12 + Number(feet[2] ?? 0)) : text;
  const read = readNumber(said, { ...rules, units: [customary.unit, ...customary.names] });
  if (!isUnread(read)) return read === null ? null : stored(read, unit);
  const other = read.code === 'number_outside' && word === '' ? readNumber(text, metric) : null;
  if (typeof other !== 'number') return { ...read, unread: text };
  const params = { low: rules.low, high: rules.high, unit: customary.unit };
  const example = `${written(other)} ${customary.metric}`;
  return { unread: text, code: 'number_other_unit', params: { ...params, example } };
}

/** '150.5 lb = 68.3 kg': what is kept, where clinics read another unit than the record. */
export function bothUnits(value: number, ucum: string): string | null {
  const customary = CUSTOMARY[ucum];
  if (!customary) return null;
  return `${written(shown(value, ucum))} ${customary.unit} = ${written(round(value, 1))} ${customary.metric}`;
}

/** A typed value as it is stored. */
export function stored(value: number, ucum: string | null): number {
  const customary = ucum ? CUSTOMARY[ucum] : undefined;
  return customary ? round(customary.store(value), 2) : value;
}
