import type { components } from '@/lib/api/schema';
import { Learned } from './learned';
import { Speller } from './spelling';
import { type Token, tokens } from './tokens';

/*
 * The words and patterns that the server sends (`platform/intake/data/red_flag_words.json`), and where
 * they stand in a text; `platform/intake/words/lexicon.py` describes the format.
 */
export type Words = components['schemas']['Words'];

const NEAR = 4;
/** The number that may count a unit: "2 years ago". */
const COUNT = 'any';
/** More words than a text can have. */
export const ANYWHERE = 10_000;

/** Words with `_` between them. */
type Phrase = string;

/** From the first to the last word of a phrase in a text, both included. */
export interface Span {
  start: number;
  end: number;
}

export interface Pattern {
  terms: ReadonlySet<Phrase>[];
  excluded: ReadonlySet<Phrase>;
  facts: string[];
  within: number;
}

/** A text with what was found in it. `weight[i]` counts the words before the i-th, fillers left out. */
export class Text {
  constructor(
    readonly tokens: readonly Token[],
    readonly weight: readonly number[],
    readonly spans: ReadonlyMap<Phrase, Span[]>,
  ) {}

  /** Where any of the phrases stands, in order. */
  of(phrases: ReadonlySet<Phrase>): Span[] {
    const found = new Map<number, Span>();
    const few = phrases.size < this.spans.size ? phrases : this.spans.keys();
    for (const phrase of few) {
      if (!phrases.has(phrase)) continue;
      for (const span of this.spans.get(phrase) ?? []) {
        found.set(span.start * ANYWHERE + span.end, span);
      }
    }
    return [...found.values()].sort(inOrder);
  }

  /** How many words, fillers left out, are between two phrases. */
  between(one: Span, other: Span): number {
    const [first, last] = inOrder(one, other) <= 0 ? [one, other] : [other, one];
    return Math.max(0, (this.weight[last.start] ?? 0) - (this.weight[first.end + 1] ?? 0));
  }

  sentence = (place: number): number | undefined => this.tokens[place]?.sentence;
  clause = (place: number): number | undefined => this.tokens[place]?.clause;
}

export const inOrder = (one: Span, other: Span): number =>
  one.start - other.start || one.end - other.end;

/** The words ready to be looked for. */
export class Lexicon {
  readonly learned: Learned;
  readonly patterns: ReadonlyMap<string, Pattern[]>;
  private readonly short: ReadonlyMap<string, string>;
  private readonly fillers: ReadonlySet<string>;
  private readonly units: ReadonlySet<string>;
  private readonly numerals: ReadonlyMap<string, number>;
  private readonly concepts: ReadonlyMap<string, ReadonlySet<Phrase>>;
  private readonly names = new Map<Phrase, string[]>();
  private readonly byFirst = new Map<string, { phrase: Phrase; words: string[] }[]>();
  private readonly speller: Speller;

  constructor(private readonly source: Words) {
    this.learned = new Learned(source.learned);
    this.short = new Map(Object.entries(source.short));
    this.fillers = new Set(source.fillers.split(' '));
    this.units = new Set(source.units.split(' '));
    this.numerals = new Map(Object.entries(source.numerals));
    this.concepts = new Map(
      Object.entries(source.concepts).map(([name, text]) => [name, new Set(text.split(' '))]),
    );
    for (const [name, phrases] of this.concepts) {
      for (const phrase of phrases) {
        this.names.set(phrase, [...(this.names.get(phrase) ?? []), `@${name}`]);
      }
    }
    this.patterns = new Map(
      Object.entries(source.patterns).map(([rule, lines]) => [
        rule,
        lines.map((line) => this.pattern(line)),
      ]),
    );
    const phrases = new Set([
      ...[...this.concepts.values()].flatMap((each) => [...each]),
      ...[...this.patterns.values()]
        .flat()
        .flatMap(({ terms, excluded }) => [...terms, excluded].flatMap((each) => [...each])),
    ]);
    const known = new Set([...this.fillers, ...this.units, ...this.numerals.keys()]);
    for (const phrase of phrases) {
      const words = phrase.split('_');
      for (const word of words) known.add(word);
      const first = words[0] ?? '';
      this.byFirst.set(first, [...(this.byFirst.get(first) ?? []), { phrase, words }]);
    }
    this.speller = new Speller(known, new Set(source.ordinary.split(' ')));
  }

  /** The phrases of a concept. */
  concept(name: string): ReadonlySet<Phrase> {
    const found = this.concepts.get(name);
    if (!found) throw new Error(`unknown concept ${name}`);
    return found;
  }

  /** The names of the concepts that a phrase belongs to, as patterns write them (`@chest`). */
  conceptsOf = (phrase: Phrase): readonly string[] => this.names.get(phrase) ?? [];

  /** A text with every known phrase in it; idioms hide what they are made of. */
  read(text: string): Text {
    const cut = tokens(text, this.short).flatMap((token) =>
      this.parts(token.word).map((word) => ({ ...token, word })),
    );
    const meanings = cut.map((_, place) => this.meaning(cut, place));
    const weight = [0];
    for (const { word } of cut) {
      weight.push((weight.at(-1) ?? 0) + Number(!this.fillers.has(word)));
    }
    return new Text(cut, weight, this.withoutIdioms(this.find(cut, meanings)));
  }

  private withoutIdioms(spans: Map<Phrase, Span[]>): Map<Phrase, Span[]> {
    const idioms = [...this.concept('idiom')].flatMap((phrase) => spans.get(phrase) ?? []);
    if (idioms.length === 0) return spans;
    return new Map(
      [...spans].map(([phrase, places]) => [
        phrase,
        places.filter((place) => !idioms.some((idiom) => isPart(place, idiom))),
      ]),
    );
  }

  private parts(word: string): string[] {
    const [only, ...others] = this.speller.standsFor(word);
    return only?.includes(' ') && others.length === 0 ? only.split(' ') : [word];
  }

  private meaning(cut: readonly Token[], place: number): ReadonlySet<string> {
    const word = cut[place]?.word ?? '';
    const digits = /^[0-9]/.test(word);
    const found = new Set(digits ? [word] : this.speller.standsFor(word));
    const value = digits ? Number(word.replace(',', '.')) : this.numerals.get(word);
    if (value === undefined) return found;
    const measured = this.units.has(cut[place + 1]?.word ?? '');
    for (const [name, [low, high]] of Object.entries(this.source.numbers)) {
      if (measured && name !== COUNT) continue;
      if (value >= Number(low) && value <= Number(high)) found.add(`#${name}`);
    }
    return found;
  }

  private find(
    cut: readonly Token[],
    meanings: readonly ReadonlySet<string>[],
  ): Map<Phrase, Span[]> {
    const spans = new Map<Phrase, Span[]>();
    for (const [start, meaning] of meanings.entries()) {
      for (const word of meaning) {
        for (const { phrase, words } of this.byFirst.get(word) ?? []) {
          const end = this.end(words, start, cut, meanings);
          if (end === null) continue;
          const places = spans.get(phrase) ?? [];
          places.push({ start, end });
          spans.set(phrase, places);
        }
      }
    }
    return spans;
  }

  /** Where a phrase that begins here ends; fillers between its words do not matter. */
  private end(
    words: readonly string[],
    start: number,
    cut: readonly Token[],
    meanings: readonly ReadonlySet<string>[],
  ): number | null {
    let place = start;
    for (const word of words.slice(1)) {
      place += 1;
      while (!meanings[place]?.has(word) && this.fillers.has(cut[place]?.word ?? '')) place += 1;
      if (!meanings[place]?.has(word) || cut[place]?.sentence !== cut[start]?.sentence) return null;
    }
    return place;
  }

  private pattern(source: string): Pattern {
    const parts = source.split(' ');
    const within = parts.find((part) => part.startsWith('~'))?.slice(1);
    const excluded = parts.filter((part) => part.startsWith('!'));
    return {
      terms: parts.filter((part) => !/^[!$~]/.test(part)).map((part) => this.choice(part)),
      excluded: new Set(excluded.flatMap((part) => [...this.choice(part.slice(1))])),
      facts: parts.filter((part) => part.startsWith('$')).map((part) => part.slice(1)),
      within: within === '*' ? ANYWHERE : Number(within ?? NEAR),
    };
  }

  /** The phrases of `word|two_words|@concept`. */
  private choice(source: string): Set<Phrase> {
    return new Set(
      source
        .split('|')
        .flatMap((part) => (part.startsWith('@') ? [...this.concept(part.slice(1))] : [part])),
    );
  }
}

/** Whether a phrase is a smaller part of an idiom. */
const isPart = (place: Span, idiom: Span): boolean =>
  idiom.start <= place.start && place.end <= idiom.end && inOrder(place, idiom) !== 0;
