"""Whether what a text mentions is meant: not denied, not long ago, not a parent's, not a question about a medicine.

Negation follows NegEx (Chapman et al., J Biomed Inform 2001): a negating word reaches forward to what it denies, and no
further than a few words or the next clause, unless it opens a list ("no fever, cough or chest pain").
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.words.lexicon import Lexicon, Phrase, Span, Text

REACH = 2
"""Words that may stand between a negating word and what it denies; those that carry it ("have any") do not count."""
LIST_REACH = 8
ALWAYS = frozenset({"suicide", "harm_others", "unsafe_home", "sexual_assault"})
"""What is asked about also when it was long ago: it is apt to come again."""
SUPPLY = frozenset({"medicine_out", "suicide"})
"""What is asked about also where a text is about getting a medicine."""


class Context:
    """The words around a mention."""

    def __init__(self, lexicon: Lexicon, text: Text) -> None:
        self._lexicon, self._text = lexicon, text
        self._negating = self._at("not") - self._at("not_denying")
        self._joining = self._at("joiner")
        self._never, self._strong = self._at("never"), self._at("strongly_not")
        self._breaking, self._carrying, self._listing = (
            self._at("breaker"),
            self._at("carrier"),
            self._at("or"),
        )
        self._no = self._at("no")

    def is_meant(self, rule: str, spans: Iterable[Span]) -> bool:
        """Whether a mention made of these phrases is about the patient's present."""
        found = sorted(spans)
        own = {at for span in found for at in range(span.start, span.end + 1)}
        if any(self._is_denied(span, own) for span in found):
            return False
        sentence = self._text.tokens[found[0].start].sentence
        if rule not in SUPPLY and self._says(sentence, "supply"):
            return self._says(sentence, "now")
        of_parent = self._says(sentence, "parent") and self._is_told_with("had", found)
        if self._says(sentence, "about") or of_parent:
            return self._says(sentence, "now")
        if rule in ALWAYS:
            return True
        old = self._is_told_with("past", found)
        return not (old or self._says(sentence, "joke")) or self._says(sentence, "now")

    def denies(self, span: Span) -> bool:
        """Whether a phrase is said not to be so."""
        if not self._negating and not self._no:
            return False
        return self._is_denied(span, set(range(span.start, span.end + 1)))

    def _at(self, concept: str) -> set[int]:
        spans = self._text.of(self._lexicon.concept(concept))
        return {at for span in spans for at in range(span.start, span.end + 1)}

    def _says(self, sentence: int, concept: str) -> bool:
        phrases: frozenset[Phrase] = self._lexicon.concept(concept)
        return any(self._text.tokens[span.start].sentence == sentence for span in self._text.of(phrases))

    def _is_told_with(self, concept: str, found: list[Span]) -> bool:
        """Whether the words of a concept go with a mention: "a stroke in 2010", and not "a stroke in 2010 and now ...".

        They stand in its clause, with no "and" between, or open the sentence ("In 2010, ..."). "De niño" is a
        childhood, and "de mi niño" a child of today.
        """
        whose = self._at("whose")
        return any(
            whose.isdisjoint(range(span.start, span.end + 1)) and self._goes_with(span, found)
            for span in self._text.of(self._lexicon.concept(concept))
        )

    def _goes_with(self, span: Span, found: list[Span]) -> bool:
        tokens = self._text.tokens
        here, there = tokens[span.start], tokens[found[0].start]
        if here.sentence != there.sentence:
            return False
        first, last = sorted((span, found[0]))
        if any(at in self._joining for at in range(first.end + 1, last.start)):
            return False
        if here.clause == there.clause or span.start > found[0].start:
            return here.clause == there.clause
        begins = span.start == 0 or tokens[span.start - 1].clause != here.clause
        return begins and tokens[span.end + 1].clause != here.clause

    def _is_denied(self, span: Span, own: set[int]) -> bool:
        return self._is_denied_before(span, own) or self._is_denied_after(span, own)

    def _is_denied_before(self, span: Span, own: set[int]) -> bool:
        tokens = self._text.tokens
        skipped, in_list, at = 0, False, span.start - 1
        while at >= 0 and tokens[at].sentence == tokens[span.start].sentence:
            in_list = in_list or tokens[at].clause != tokens[at + 1].clause or at in self._listing
            if at in self._negating and at not in own:
                if at in self._never and self._says(tokens[at].sentence, "unlike"):
                    return False
                if tokens[at].clause != tokens[span.start].clause:
                    return at in self._strong or self._ends_a_list(span)
                return skipped <= (LIST_REACH if in_list or at in self._strong else REACH)
            if at in self._breaking:
                return False
            skipped += at not in self._carrying and self._text.weight[at + 1] > self._text.weight[at]
            if skipped > LIST_REACH:
                return False
            at -= 1
        return False

    def _ends_a_list(self, span: Span) -> bool:
        """Whether 'or' stands by the mention or after it: "no fever, cough or chest pain" denies all three."""
        tokens, here = self._text.tokens, self._text.tokens[span.start]
        return any(
            tokens[at].sentence == here.sentence and tokens[at].clause >= here.clause for at in self._listing
        )

    def _is_denied_after(self, span: Span, own: set[int]) -> bool:
        """As in a form: 'chest pain: no'."""
        tokens, at = self._text.tokens, span.end + 1
        if at >= len(tokens) or at in own or at not in self._no:
            return False
        ends = at + 1 >= len(tokens) or tokens[at + 1].clause != tokens[at].clause
        return ends and tokens[at].clause != tokens[span.end].clause
