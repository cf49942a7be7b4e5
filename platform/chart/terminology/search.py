"""ICD-10-CM search: a code's beginning, what people call it (English and Spanish), its words, or nearly its words."""

import msgspec
from sqlalchemy import text

from chart.terminology.ranking import Candidate, code_prefix, ordered
from chart.terminology.typed import MAX_WORDS, Typed, like_patterns, tsquery, understood, without_qualifiers
from chart.terminology.words import tokens
from core.database.session import ReadSession

MAX_RESULTS = 20
MAX_QUERY = 100
_ENOUGH = 5
"""Answers. With fewer, codes are shown too that fit only a part of what was typed."""


class Diagnosis(msgspec.Struct, frozen=True):
    """One answer of the search. `lay` and `lay_es` are plain words for it, where we have them."""

    code: str
    display: str
    billable: bool
    lay: str | None
    lay_es: str | None


# Three small sets of candidates, each cut by an index, then ranked in `ranking`. The full-text part is cut by the
# static rank, which the planner walks directly when a word fits thousands of codes.
_CANDIDATES = text("""
WITH found AS (
    (SELECT code FROM icd10_code WHERE code LIKE :prefix || '%' ORDER BY billable DESC, code LIMIT 40)
    UNION
    (SELECT code FROM lay_term
      WHERE EXISTS (SELECT 1 FROM unnest(terms) AS term WHERE ' ' || term || ' ' LIKE ALL (:patterns))
         OR terms && CAST(:phrases AS text[]))
    UNION
    (SELECT code FROM icd10_code WHERE document @@ to_tsquery('english', :words) ORDER BY rank LIMIT 60)
)
SELECT c.code, c.billable, c.description, c.rank, c.inclusion, l.terms, l.en, l.es
FROM found JOIN icd10_code c USING (code) LEFT JOIN lay_term l USING (code)
""")

_MENDED = text("""
SELECT typed.word, coalesce(
    (SELECT known.word FROM icd10_word known WHERE known.word LIKE typed.word || '%' LIMIT 1),
    (SELECT near.word FROM icd10_word near WHERE near.word % typed.word
        AND similarity(near.word, typed.word) >= 0.4
      ORDER BY similarity(near.word, typed.word) DESC, near.uses DESC LIMIT 1)) AS near
FROM unnest(CAST(:words AS text[])) AS typed(word)
""")

_MENDABLE = 5
"""Letters. A shorter word that is not known is a short form, not a typing error."""

_Found = dict[str, tuple[Candidate, Diagnosis]]


async def diagnoses(read: ReadSession, query: str, limit: int = MAX_RESULTS) -> list[Diagnosis]:
    """Codes that fit what was typed, best first.

    Where nothing fits as typed, typing errors are mended; where little fits, codes follow that fit without the
    words that only say how it is ("recurrent"), then those that fit all words but one, then but two.
    """
    query = query.replace("\x00", "")[:MAX_QUERY]
    found = await _matching(read, query, understood(query))
    if not found and (mended := await _mended(read, query)) is not None:
        query, found = mended, await _matching(read, mended, understood(mended))
    typed = understood(query)
    best = ordered(query, (candidate for candidate, _ in found.values()))
    for fewer, missing in _relaxations(typed):
        if len(best) >= _ENOUGH:
            break
        more = await _matching(read, "", fewer, missing)
        best += ordered(fewer.folded, (one for one, _ in more.values() if one.code not in found))
        found = more | found
    return [found[one.code][1] for one in best[:limit]]


def _relaxations(typed: Typed) -> list[tuple[Typed, int]]:
    """Weaker forms of a query, the nearest first: each with the number of its slots that may be missing."""
    plain = without_qualifiers(typed)
    weaker = [(plain, 0)] if plain is not None else []
    rest = plain or typed
    return weaker + [(rest, missing) for missing in (1, 2) if missing < len(rest.slots)]


async def _matching(read: ReadSession, query: str, typed: Typed, missing: int = 0) -> _Found:
    if not typed.slots:
        return {}
    rows = await read.execute(
        _CANDIDATES,
        {
            # No code begins with a space: the branch is empty when the query is not a code.
            "prefix": code_prefix(query) or " ",
            "patterns": like_patterns(typed.slots),
            # Whoever types "rash on face" is shown what people call "rash" too.
            "phrases": [" ".join(slot.words) for slot in typed.slots],
            "words": tsquery(typed.slots, missing),
        },
    )
    return {
        row.code: (
            Candidate(
                row.code, row.billable, row.description, row.rank, tuple(row.terms or ()), row.inclusion
            ),
            Diagnosis(row.code, row.description, row.billable, row.en, row.es),
        )
        for row in rows
    }


async def _mended(read: ReadSession, query: str) -> str | None:
    """The query with each unknown word replaced by the nearest known one; None if that changes nothing."""
    typed = tokens(query)[:MAX_WORDS]
    known: dict[str, str] = {
        row.word: row.near for row in await read.execute(_MENDED, {"words": typed}) if row.near
    }
    mended = [
        word if len(word) < _MENDABLE or known.get(word, word).startswith(word) else known[word]
        for word in typed
    ]
    return None if mended == typed else " ".join(mended)
