import type { Context } from './context';
import type { Features } from './learned';
import type { Lexicon, Span, Text } from './lexicon';

/*
 * What a text is made of, for the learned layer; `platform/intake/words/features.py` says what it is.
 */
const WINDOW = 40;
const NEAR = 6;

/** The features of each window of a text. */
export function windows(lexicon: Lexicon, text: Text, context: Context): Features[] {
  const meant = text.tokens.map((_, place) => !context.denies({ start: place, end: place }));
  const named = namedIn(lexicon, text, context);
  const found: Features[] = [];
  for (let start = 0; start === 0 || start < meant.length - WINDOW / 2; start += WINDOW / 2) {
    found.push(windowOf(text, meant, named, start, Math.min(start + WINDOW, meant.length)));
  }
  return found;
}

function windowOf(
  text: Text,
  meant: readonly boolean[],
  named: readonly string[][],
  start: number,
  stop: number,
): Features {
  const words = new Set<string>();
  const others = new Set<string>();
  const word = (place: number): string => (text.tokens[place]?.word ?? '').replace(/^[0-9].*/, '#');
  for (let place = start; place < stop; place++) {
    if (!meant[place]) continue;
    words.add(word(place));
    for (const name of named[place] ?? []) others.add(name);
    const sameSentence = text.sentence(place) === text.sentence(place + 1);
    if (place + 1 < stop && meant[place + 1] && sameSentence) {
      others.add(`${word(place)}_${word(place + 1)}`);
    }
    for (let other = place + 1; other <= Math.min(place + NEAR, stop - 1); other++) {
      for (const pair of pairs(named[place] ?? [], named[other] ?? [])) others.add(pair);
    }
  }
  return { words, others };
}

const pairs = (ones: readonly string[], others: readonly string[]): string[] =>
  ones.flatMap((one) =>
    others
      .filter((other) => one !== other)
      .map((other) => (one < other ? `${one}+${other}` : `${other}+${one}`)),
  );

/** For each place, the concepts of the phrases that begin there and are not denied. */
function namedIn(lexicon: Lexicon, text: Text, context: Context): string[][] {
  const found = text.tokens.map(() => new Set<string>());
  const add = (span: Span, names: readonly string[]) => {
    if (context.denies(span)) return;
    for (const name of names) found[span.start]?.add(name);
  };
  for (const [phrase, spans] of text.spans) {
    const names = lexicon.conceptsOf(phrase);
    if (names.length > 0) for (const span of spans) add(span, names);
  }
  return found.map((names) => [...names]);
}
