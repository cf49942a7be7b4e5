"""What somebody typed to find a patient, taken apart: names, record numbers, birth dates, phones. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.text.folding import without_accents
from core.text.search_key import search_key

MAX_QUERY = 100

_MONTHS = {
    key: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for key in names.split()
}
_MONTH = f"(?P<word>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b",
        rf"\b(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+|del\s+)?{_YEAR}\b",
        r"\b(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])\b",
    )
)
# Nobody is found by an extension: what follows a number is no word of a name.
_PHONE = re.compile(
    r"(?P<number>[+(]?\d[\d\s().-]{5,}\d)(?:[\s,;(]*(?:extension|ext|x|#)[.:\s=]*\d{1,8}(?!\d)\)?)?"
)
# How people mark what they type: "MRN 1000611", "DOB 3/9/1984", "born ...", "tel. ...".
_LABELS = re.compile(
    r"\b(?:mrn|medical record(?: number)?|record number|record no|dob|d\.o\.b\.?|date of birth|birth ?date|born"
    r"|tel|phone|nhc|numero de historial|historial|fecha de nacimiento|nacid[oa]|telefono)\b[.:#]*|(?<!\d)(?<!\d )#"
)


@dataclass(frozen=True)
class Sought:
    """`keys` have to stand in the patient's search key, each; `born` are the days that a typed date may mean, none if
    none was typed; `digits` belong to a phone number or record number."""

    keys: tuple[str, ...]
    born: tuple[date, ...]
    digits: str | None

    def __bool__(self) -> bool:
        return bool(self.keys or self.born or self.digits)


def sought(query: str, today: date) -> Sought:
    """The parts of a query. A date whose order of day and month is open means both; two digits of a year, the past."""
    plain = without_accents(query.replace("\x00", "")[:MAX_QUERY])
    plain = _LABELS.sub(" ", plain)
    born: tuple[date, ...] = ()
    for pattern in _DATES:
        if (found := pattern.search(plain)) and (born := _days(found, today)):
            plain = plain.replace(found.group(), " ")
            break
    digits = None
    if found := _PHONE.search(plain):
        digits = re.sub(r"\D", "", found["number"])
        # Typed with the country's code, kept with it: those without it are found by the rest.
        plain = plain.replace(found.group(), " ")
    keys = (search_key(word) for word in re.split(r"[\s,;]+", plain))
    return Sought(tuple(key for key in keys if key), born, digits)


def _days(found: re.Match[str], today: date) -> tuple[date, ...]:
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year <= today.year % 100 else 1900
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        return _existing(((year, first, second), (year, second, first)))
    month = _MONTHS[parts["word"]] if "word" in parts else int(parts["month"])
    return _existing(((year, month, int(parts["day"])),))


def _existing(wanted: Iterable[tuple[int, int, int]]) -> tuple[date, ...]:
    days = []
    for year, month, day in wanted:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(dict.fromkeys(days))
