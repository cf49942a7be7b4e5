import type { Lexicon, Span, Text } from './lexicon';
import { inOrder } from './lexicon';

/*
 * Whether what a text mentions is meant: not denied, not long ago, not a parent's. The same rules, and
 * where they come from, are in `platform/intake/words/context.py`.
 */
const REACH = 2;
const LIST_REACH = 8;
const ALWAYS = new Set(['suicide', 'harm_others', 'unsafe_home', 'sexual_assault']);
const SUPPLY = new Set(['medicine_out', 'suicide']);

/** The words around a mention. */
export class Context {
  private readonly negating: Set<number>;
  private readonly joining: Set<number>;
  private readonly never: Set<number>;
  private readonly strong: Set<number>;
  private readonly breaking: Set<number>;
  private readonly carrying: Set<number>;
  private readonly listing: Set<number>;
  private readonly no: Set<number>;

  constructor(
    private readonly lexicon: Lexicon,
    private readonly text: Text,
  ) {
    const neutral = this.at('not_denying');
    this.negating = new Set([...this.at('not')].filter((place) => !neutral.has(place)));
    this.joining = this.at('joiner');
    this.never = this.at('never');
    this.strong = this.at('strongly_not');
    this.breaking = this.at('breaker');
    this.carrying = this.at('carrier');
    this.listing = this.at('or');
    this.no = this.at('no');
  }

  /** Whether a mention made of these phrases is about the patient's present. */
  isMeant(rule: string, spans: readonly Span[]): boolean {
    const found = [...spans].sort(inOrder);
    const own = new Set(found.flatMap(places));
    if (found.some((span) => this.isDenied(span, own))) return false;
    const sentence = this.text.sentence(found[0]?.start ?? 0);
    const says = (concept: string) => this.says(sentence, concept);
    if (!SUPPLY.has(rule) && says('supply')) return says('now');
    if (says('about') || (says('parent') && this.isToldWith('had', found))) return says('now');
    return ALWAYS.has(rule) || !(this.isToldWith('past', found) || says('joke')) || says('now');
  }

  /** Whether a phrase is said not to be so. */
  denies(span: Span): boolean {
    if (this.negating.size === 0 && this.no.size === 0) return false;
    return this.isDenied(span, new Set(places(span)));
  }

  private at(concept: string): Set<number> {
    return new Set(this.text.of(this.lexicon.concept(concept)).flatMap(places));
  }

  private says(sentence: number | undefined, concept: string): boolean {
    const spans = this.text.of(this.lexicon.concept(concept));
    return spans.some((span) => this.text.sentence(span.start) === sentence);
  }

  /** Whether the words of a concept go with a mention: "a stroke in 2010", and not "in 2010 and now ...". */
  private isToldWith(concept: string, found: readonly Span[]): boolean {
    const whose = this.at('whose');
    return this.text
      .of(this.lexicon.concept(concept))
      .some(
        (span) => places(span).every((place) => !whose.has(place)) && this.goesWith(span, found),
      );
  }

  private goesWith(span: Span, [mention]: readonly Span[]): boolean {
    const { sentence, clause } = this.text;
    if (!mention || sentence(span.start) !== sentence(mention.start)) return false;
    const [first, last] = [span, mention].sort(inOrder);
    for (let place = (first?.end ?? 0) + 1; place < (last?.start ?? 0); place++) {
      if (this.joining.has(place)) return false;
    }
    if (clause(span.start) === clause(mention.start)) return true;
    const alone =
      clause(span.start - 1) !== clause(span.start) && clause(span.end + 1) !== clause(span.start);
    return alone && span.start < mention.start;
  }

  private isDenied(span: Span, own: ReadonlySet<number>): boolean {
    return this.isDeniedBefore(span, own) || this.isDeniedAfter(span, own);
  }

  private isDeniedBefore(span: Span, own: ReadonlySet<number>): boolean {
    const { sentence, clause, weight } = this.text;
    let skipped = 0;
    let inList = false;
    for (let place = span.start - 1; place >= 0; place--) {
      if (sentence(place) !== sentence(span.start)) return false;
      inList ||= clause(place) !== clause(place + 1) || this.listing.has(place);
      if (this.negating.has(place) && !own.has(place)) {
        if (this.never.has(place) && this.says(sentence(place), 'unlike')) return false;
        if (clause(place) !== clause(span.start)) {
          return this.strong.has(place) || this.endsAList(span);
        }
        return skipped <= (inList || this.strong.has(place) ? LIST_REACH : REACH);
      }
      if (this.breaking.has(place)) return false;
      const counts = (weight[place + 1] ?? 0) > (weight[place] ?? 0);
      skipped += Number(!this.carrying.has(place) && counts);
      if (skipped > LIST_REACH) return false;
    }
    return false;
  }

  /** Whether 'or' stands by the mention or after it: "no fever, cough or chest pain" denies all three. */
  private endsAList(span: Span): boolean {
    const { sentence, clause } = this.text;
    return [...this.listing].some(
      (place) =>
        sentence(place) === sentence(span.start) &&
        Number(clause(place)) >= Number(clause(span.start)),
    );
  }

  /** As in a form: 'chest pain: no'. */
  private isDeniedAfter(span: Span, own: ReadonlySet<number>): boolean {
    const { clause } = this.text;
    const place = span.end + 1;
    if (own.has(place) || !this.no.has(place)) return false;
    return clause(place + 1) !== clause(place) && clause(place) !== clause(span.end);
  }
}

const places = ({ start, end }: Span): number[] =>
  Array.from({ length: end - start + 1 }, (_, more) => start + more);
