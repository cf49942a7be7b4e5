import type { components } from '@/lib/api/schema';

/*
 * A linear model learned from labelled lines, for what no pattern finds; `platform/intake/words/learned.py`
 * says how it is read.
 */
export type Weights = components['schemas']['Weights'];

const LEVELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ZERO = 32;
const PIECES = [4, 5];
const STEM = 5;

/** What one window of a text holds, each once. */
export interface Features {
  words: ReadonlySet<string>;
  others: ReadonlySet<string>;
}

/** The weights ready to be added up. */
export class Learned {
  private readonly table: number[];
  private readonly rules: string[];

  constructor(private readonly stored: Weights) {
    this.table = Array.from(stored.danger, (letter) => LEVELS.indexOf(letter) - ZERO);
    this.rules = Object.keys(stored.rules);
  }

  /** The rule that what was heard calls for, if it is dangerous enough. */
  rule(heard: Features): string | null {
    if (this.danger(heard) <= 0) return null;
    const known = telling(heard).flatMap((name) => this.stored.speaks[name] ?? []);
    if (known.length === 0) return null;
    const scores = this.rules.map((rule) => -known.length * (this.stored.rules[rule] ?? 0));
    for (const letters of known) {
      for (let at = 0; at + 1 < letters.length; at += 2) {
        const place = numberAt(letters, at);
        scores[place] = (scores[place] ?? 0) + numberAt(letters, at + 1) * this.stored.unit;
      }
    }
    return this.rules[scores.indexOf(Math.max(...scores))] ?? null;
  }

  /** How dangerous it is: above zero, it is asked about. */
  private danger({ words, others }: Features): number {
    const { step, bias } = this.stored;
    const features = [...[...words].flatMap((word) => [word, ...pieces(word)]), ...others];
    if (features.length === 0) return bias;
    const total = features.reduce((sum, feature) => sum + this.weight(feature), 0);
    return (total * step) / Math.sqrt(features.length) + bias;
  }

  private readonly weight = (feature: string): number =>
    this.table[bucket(feature, this.table.length)] ?? 0;
}

const numberAt = (letters: string, at: number): number => LEVELS.indexOf(letters.charAt(at));

/** The features that tell rules apart: stems and concepts. */
const telling = ({ words, others }: Features): string[] => [
  ...new Set([...words].map((word) => word.slice(0, STEM))),
  ...[...others].filter((name) => name.startsWith('@') && !name.includes('+')),
];

/** The pieces that words written or bent differently have in common: `^pai`, `pain$`. */
function pieces(word: string): string[] {
  const whole = `^${word}$`;
  return PIECES.flatMap((size) =>
    Array.from(
      { length: Math.max(0, whole.length - size + 1) },
      (_, at) => `~${whole.slice(at, at + size)}`,
    ),
  );
}

/** The place of a feature in the table: FNV-1a. Features are of ASCII letters. */
function bucket(feature: string, buckets: number): number {
  let found = 2166136261;
  for (let at = 0; at < feature.length; at++) {
    found = Math.imul(found ^ feature.charCodeAt(at), 16777619);
  }
  return (found >>> 8) % buckets;
}
