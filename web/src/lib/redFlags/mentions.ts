import { Context } from './context';
import { windows } from './features';
import {
  ANYWHERE,
  inOrder,
  Lexicon,
  type Pattern,
  type Span,
  type Text,
  type Words,
} from './lexicon';

/**
 * The ids of rules that any of the texts speaks of. `facts` are the names that are true of the patient.
 */
export type Mentioned = (texts: readonly string[], facts: readonly string[]) => Set<string>;

/** Reads the words that the server sends and gives what looks for them. */
export function finder(words: { [Key in keyof Words]: unknown }): Mentioned {
  const lexicon = new Lexicon(words as Words);
  return (texts, facts) => new Set(texts.flatMap((text) => mentionedIn(lexicon, text, facts)));
}

function mentionedIn(lexicon: Lexicon, text: string, facts: readonly string[]): string[] {
  const read = lexicon.read(text);
  const context = new Context(lexicon, read);
  const found = byPatterns(lexicon, read, context, facts);
  return found.length > 0 ? found : byLearning(lexicon, read, context);
}

/** The rules of which a pattern is found in a text. */
function byPatterns(
  lexicon: Lexicon,
  read: Text,
  context: Context,
  facts: readonly string[],
): string[] {
  if (read.spans.size === 0) return [];
  return [...lexicon.patterns]
    .filter(([rule, patterns]) =>
      patterns.some((pattern) => isMentioned(rule, pattern, read, context, facts)),
    )
    .map(([rule]) => rule);
}

/** The rules that the learned layer hears in a text. */
const byLearning = (lexicon: Lexicon, read: Text, context: Context): string[] =>
  windows(lexicon, read, context)
    .map((window) => lexicon.learned.rule(window))
    .filter((rule) => rule !== null);

function isMentioned(
  rule: string,
  pattern: Pattern,
  text: Text,
  context: Context,
  facts: readonly string[],
): boolean {
  if (!pattern.facts.every((fact) => facts.includes(fact))) return false;
  const choices: Span[][] = [];
  for (const term of pattern.terms) {
    const places = text.of(term);
    if (places.length === 0) return false;
    choices.push(places);
  }
  const [anchors = [], ...others] = choices;
  const excluded = text.of(pattern.excluded);
  return anchors.some((anchor) => {
    const spans = around(anchor, others, pattern.within, text);
    if (!spans || excluded.some((span) => isNear(anchor, span, pattern.within, text))) return false;
    return context.isMeant(rule, spans);
  });
}

/** For each further term the nearest place to the anchor that is not taken yet. */
function around(
  anchor: Span,
  choices: readonly Span[][],
  within: number,
  text: Text,
): Span[] | null {
  const taken = [anchor];
  for (const places of choices) {
    const [nearest] = places
      .filter(
        (place) =>
          isNear(anchor, place, within, text) && !taken.some((each) => overlap(place, each)),
      )
      .sort(
        (one, other) =>
          text.between(anchor, one) - text.between(anchor, other) || inOrder(one, other),
      );
    if (!nearest) return null;
    taken.push(nearest);
  }
  return taken;
}

function isNear(anchor: Span, place: Span, within: number, text: Text): boolean {
  if (within === ANYWHERE) return true;
  return (
    text.sentence(anchor.start) === text.sentence(place.start) &&
    text.between(anchor, place) <= within
  );
}

const overlap = (one: Span, other: Span): boolean =>
  one.start <= other.end && other.start <= one.end;
