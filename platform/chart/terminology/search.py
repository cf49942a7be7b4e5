"""ICD-10-CM search: a code's beginning, what people call it (English and Spanish), its words, or nearly its words."""

import msgspec
from sqlalchemy import text

from chart.terminology.ranking import Candidate, code_prefix, ordered
from chart.terminology.words import tokens
from core.db import ReadSession

MAX_RESULTS = 20
MAX_QUERY = 100
_MAX_WORDS = 8


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
      WHERE EXISTS (SELECT 1 FROM unnest(terms) AS term WHERE ' ' || term LIKE ALL (:patterns)))
    UNION
    (SELECT code FROM icd10_code WHERE document @@ to_tsquery('english', :words) ORDER BY rank LIMIT 60)
)
SELECT c.code, c.billable, c.description, c.rank, l.terms, l.en, l.es
FROM found JOIN icd10_code c USING (code) LEFT JOIN lay_term l USING (code)
""")

_MENDED = text("""
SELECT typed.word, coalesce(
    (SELECT known.word FROM icd10_word known WHERE known.word LIKE typed.word || '%' LIMIT 1),
    (SELECT near.word FROM icd10_word near WHERE near.word % typed.word
      ORDER BY similarity(near.word, typed.word) DESC, near.uses DESC LIMIT 1)) AS near
FROM unnest(CAST(:words AS text[])) AS typed(word)
""")


async def diagnoses(read: ReadSession, query: str, limit: int = MAX_RESULTS) -> list[Diagnosis]:
    """Codes that fit what was typed, best first; typing errors are mended only when nothing fits as typed."""
    query = query.replace("\x00", "")[:MAX_QUERY]
    found = await _matching(read, query)
    if not found and (mended := await _mended(read, query)) is not None:
        query, found = mended, await _matching(read, mended)
    answers = {candidate.code: diagnosis for candidate, diagnosis in found}
    return [answers[one.code] for one in ordered(query, (candidate for candidate, _ in found))[:limit]]


async def _matching(read: ReadSession, query: str) -> list[tuple[Candidate, Diagnosis]]:
    typed = tokens(query)[:_MAX_WORDS]
    if not typed:
        return []
    rows = await read.execute(
        _CANDIDATES,
        {
            # No code begins with a space: the branch is empty when the query is not a code.
            "prefix": code_prefix(query) or " ",
            "patterns": [f"% {word}%" for word in typed],
            "words": " & ".join(f"{word}:*" for word in typed),
        },
    )
    return [
        (
            Candidate(row.code, row.billable, row.description, row.rank, tuple(row.terms or ())),
            Diagnosis(row.code, row.description, row.billable, row.en, row.es),
        )
        for row in rows
    ]


async def _mended(read: ReadSession, query: str) -> str | None:
    """The query with each unknown word replaced by the nearest known one; None if that changes nothing."""
    typed = tokens(query)[:_MAX_WORDS]
    known: dict[str, str] = {
        row.word: row.near for row in await read.execute(_MENDED, {"words": typed}) if row.near
    }
    mended = [word if known.get(word, word).startswith(word) else known[word] for word in typed]
    return None if mended == typed else " ".join(mended)
