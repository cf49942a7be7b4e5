"""Fills the code tables from the data files beside this module.

They hold what is in the files and nothing else, so they are emptied before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import asyncpg

from chart.terminology.files import ICD10_FILE, LAY_FILE, SYNONYMS_FILE, fingerprint, rows_of
from chart.terminology.words import fold
from core.database.reference import ReferenceSet

_TABLES = ("icd10_code", "icd10_word", "lay_term")


async def _load(driver: asyncpg.Connection) -> None:
    await driver.execute(f"TRUNCATE {', '.join(_TABLES)}")
    lexicon: Counter[str] = Counter()
    await _copy(
        driver, "icd10_code", ("code", "billable", "description", "inclusion", "rank"), _codes(lexicon)
    )
    await _copy(driver, "lay_term", ("code", "en", "es", "terms"), _lay_terms(lexicon))
    for typed, _ in rows_of(SYNONYMS_FILE):
        _count(lexicon, *typed.split(";"))
    await _copy(driver, "icd10_word", ("word", "uses"), lexicon.items())


async def _copy(
    driver: asyncpg.Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    await driver.copy_records_to_table(table, records=list(rows), columns=columns)


def _codes(lexicon: Counter[str]) -> Iterator[tuple[object, ...]]:
    for code, billable, description, terms in rows_of(ICD10_FILE):
        inclusion = fold(terms.replace("|", " "))
        if not description.isascii():
            # Queries are folded, so "Sjögren" has to be found as "sjogren".
            inclusion = f"{fold(description)} {inclusion}".rstrip()
        _count(lexicon, fold(description), inclusion)
        is_billable = billable == "1"
        yield code, is_billable, description, inclusion, static_rank(code, description, is_billable)


def _lay_terms(lexicon: Counter[str]) -> Iterator[tuple[object, ...]]:
    for code, english, spanish, synonyms in rows_of(LAY_FILE):
        terms = sorted({fold(term) for term in [english, spanish, *synonyms.split(";")]})
        for term in terms:
            _count(lexicon, term)
        yield code, english, spanish, terms


def _count(lexicon: Counter[str], *folded: str) -> None:
    for text in folded:
        lexicon.update(text.split())


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
    plain = description.lower()
    return rank - 25 * (plain.count("unspecified") + plain.count("uncomplicated"))


ICD10 = ReferenceSet("icd10cm", fingerprint, _load, _TABLES)
