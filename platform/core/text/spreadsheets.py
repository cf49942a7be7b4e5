"""CSV for spreadsheet programs, none of whose cells such a program takes for a formula. All our CSV is written here."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

# Where a program may begin a cell: at our own beginning, and within our text at whatever its country's lists are
# separated by, because it then reads our quotation marks as text.
_BEGINS = r"\A|[;,|\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]"
# What it does not see before a sign: blanks, its own quotation mark, controls, and characters without a shape.
_UNSEEN = (
    r"[^\S\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]|"
    r"[\"\x00-\x08\x0e-\x1b\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
# = + - @, and their full-width, small and raised forms, which Excel takes for the same.
_SIGN = "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207c\u208c\u207a\u208a\u207b\u208b\u2212]"
_FORMULA = re.compile(f"({_BEGINS})((?:{_UNSEEN})*)(?={_SIGN})")
_BLANK_STARTS = ("\t", "\r", "\n")


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV (RFC 4180), with a byte order mark for Excel.

    Values may be None, text, numbers, times (as ISO 8601), lists of text and mappings.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def plain(text: str) -> str:
    """A cell's text with an apostrophe wherever a spreadsheet program would otherwise begin to compute (OWASP, CSV
    Injection)."""
    safe = _FORMULA.sub(r"\1'\2", text)
    return f"'{safe}" if safe.startswith(_BLANK_STARTS) else safe


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case bool() | int() | float() | Decimal():
            return str(value)
        case list():
            return plain(" ".join(map(str, value)))
        case dict():
            return plain("; ".join(f"{key}={each}" for key, each in value.items()))
        case _:
            return plain(str(value))
