"""Fills the code tables from the data files beside this module.

The tables are the same for every clinic and hold no PHI, so they carry no clinic and the application may only read
them. Loading is idempotent: the data's fingerprint is kept, and equal data is not loaded twice.
"""

from collections.abc import Iterator
from itertools import islice

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chart.terminology.files import ICD10_FILE, LAY_FILE, fingerprint, rows_of
from chart.terminology.models import Icd10Code, Icd10Word, LayTerm, TerminologyRelease
from chart.terminology.words import fold, tokens

_BATCH = 5_000
Row = dict[str, object]


async def ensure_loaded(connection: AsyncConnection) -> bool:
    """Loads the codes if the tables hold other data or none; True when it did. Needs the owner's rights.

    Takes some seconds. Two processes that start together do not load twice: the second waits for the lock.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chart.terminology'))"))
    wanted = fingerprint()
    if await connection.scalar(select(TerminologyRelease.fingerprint)) == wanted:
        return False
    for table in (TerminologyRelease, LayTerm, Icd10Word, Icd10Code):
        await connection.execute(text(f"TRUNCATE {table.__tablename__}"))
    lexicon: dict[str, int] = {}
    await _insert(connection, Icd10Code, _icd10_rows(lexicon))
    await _insert(connection, LayTerm, _lay_rows(lexicon))
    await _insert(connection, Icd10Word, ({"word": word, "uses": n} for word, n in lexicon.items()))
    await connection.execute(insert(TerminologyRelease).values(name="icd10cm", fingerprint=wanted))
    return True


def _icd10_rows(lexicon: dict[str, int]) -> Iterator[Row]:
    for code, billable, description, terms in rows_of(ICD10_FILE):
        words = f"{description} {terms.replace('|', ' ')}"
        for word in tokens(words):
            lexicon[word] = lexicon.get(word, 0) + 1
        yield {
            "code": code,
            "billable": billable == "1",
            "description": description,
            "inclusion": fold(terms.replace("|", " ")),
            "rank": static_rank(code, description, billable == "1"),
        }


def _lay_rows(lexicon: dict[str, int]) -> Iterator[Row]:
    for code, english, spanish, synonyms in rows_of(LAY_FILE):
        terms = {fold(term) for term in [english, spanish, *synonyms.split(";")]}
        for term in terms:
            for word in tokens(term):
                lexicon[word] = lexicon.get(word, 0) + 1
        yield {"code": code, "en": english, "es": spanish, "terms": sorted(terms)}


def static_rank(code: str, description: str, billable: bool) -> int:
    """How far down a code stands when the words fit equally well: what is seen in a clinic first.

    Short and unspecified descriptions come before laterality and encounter variants; external causes and the
    history-of codes come last.
    """
    rank = len(description) + 4 * len(code)
    if not billable:
        rank += 40
    if len(code) == 8 and not code.endswith("A"):
        rank += 120
    if code[0] in "VWXY":
        rank += 200
    if code[0] in "OPZ":
        rank += 30
    if "unspecified" in description or "uncomplicated" in description:
        rank -= 25
    return rank


async def _insert(connection: AsyncConnection, model: type, rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, _BATCH)):
        await connection.execute(insert(model), batch)
