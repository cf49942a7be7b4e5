"""No cell of our CSV is a formula, whatever a program takes for the separator of its country's lists."""

import csv
import io
import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.spreadsheets import csv_text, plain

SEPARATORS = ";,|\t"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
UNSEEN = " \t\r\n\u00a0\u3000\u200b\ufeff\x00\x7f"
hostile = st.text(st.sampled_from([*SEPARATORS, *SIGNS, *UNSEEN, '"', "'", "a", "1"]), max_size=12)


def computes(cell: str) -> bool:
    """Whether a program would take this cell for a formula."""
    seen = cell.lstrip("".join({*UNSEEN, '"', *map(chr, range(33))}))
    return unicodedata.normalize("NFKC", seen).startswith(("=", "+", "-", "@", "\u2212"))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("\u00a0\u200b=1", "'\u00a0\u200b=1"),
        ("\t=1", "'\t'=1"),
        ("a;=1", "a;'=1"),
        ('a;"=1', "a;'\"=1"),
        ("a\n=1", "a\n'=1"),
        ("a\r\n -1", "a\r\n' -1"),
        ("a\t@x", "a\t'@x"),
        ("\uff1d1", "'\uff1d1"),
        ("\ttext", "'\ttext"),
        ("plain", "plain"),
        ("a-b; c = d, e@f", "a-b; c = d, e@f"),
        ("2026-11-21", "2026-11-21"),
    ],
)
def test_a_cell_never_starts_a_formula(cell: str, written: str) -> None:
    assert plain(cell) == written


@given(st.lists(hostile, min_size=1, max_size=4))
def test_no_program_of_any_country_finds_one(cells: list[str]) -> None:
    text = csv_text(["a"], [cells]).removeprefix("\ufeff")
    for separator in SEPARATORS:
        rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
        assert not any(computes(cell) for row in rows for cell in row)
        # As a program reads it whose quotation mark is another.
        assert not any(computes(cell) for cell in re.split(f"[{separator}\r\n]", text))


@given(hostile)
def test_nothing_of_what_was_written_is_lost(cell: str) -> None:
    written = iter(plain(cell))
    assert all(character in written for character in cell)


def test_numbers_stay_numbers_and_times_are_iso() -> None:
    at = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    row = [None, -5, Decimal("-1.50"), at, ["admin", "=1"], {"a": 1, "b": "=2"}]
    assert csv_text(["x"], [row]).splitlines()[1] == ",-5,-1.50,2026-11-21T09:30:00+00:00,admin =1,a=1; b==2"
