"""The form of a section: which values it takes, and what is said of those that it does not."""

from datetime import date

import pytest

from chart.domain import Resource, Said, as_written
from chart.record.sections.domain import LONGEST, Field, Line, Section, changes, line_of
from chart.record.sections.parts import plain
from core.errors import Invalid

TODAY = date(2026, 11, 27)
WORDS = Said("x", "y")


SECTION = Section(
    title=WORDS,
    none=WORDS,
    add=WORDS,
    own_title=WORDS,
    own_none=WORDS,
    fields=(
        Field(name="title", at=plain("title"), label=WORDS, required=True),
        Field(name="words", at=plain("words"), label=WORDS),
        Field(name="status", at=plain("status"), label=WORDS, kind="choice", choices={"on": WORDS}),
        Field(name="since", at=plain("since"), label=WORDS, kind="date", past=True),
        Field(name="due", at=plain("due"), label=WORDS, kind="date"),
    ),
    line=lambda resource: Line(WORDS),
    new=lambda by: {},
)
STORED: Resource = {"title": "Asthma"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"title": ""}, {"title": "required"}),
        ({"title": "  "}, {"title": "required"}),
        ({"title": "x" * 301}, {"title": "too_long"}),
        ({"title": "a\x00b"}, {"title": "unsupported_character"}),
        ({"title": "a", "other": "b"}, {"other": "unknown_field"}),
        ({"title": "a", "status": "off"}, {"status": "unknown_code"}),
        ({"title": "a", "since": "2026-11-28"}, {"since": "in_the_future"}),
        ({"title": "a", "since": "2027"}, {"since": "in_the_future"}),
        ({"title": "a", "since": "2026-13"}, {"since": "not_a_date"}),
        ({"title": "a", "since": "2026-1-1"}, {"since": "not_a_date"}),
        ({"title": "a", "since": "2026-01-01T10:00:00Z"}, {"since": "not_a_date"}),
        ({"title": "a", "due": "soon", "status": "off"}, {"due": "not_a_date", "status": "unknown_code"}),
    ],
)
def test_what_no_field_takes_is_named(given: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        changes(SECTION, STORED, given, TODAY)
    assert {each.path: each.code for each in refused.value.fields} == wrong


@pytest.mark.parametrize("since", ["2026-11-27", "2026-11", "2026", "1950"])
def test_what_was_may_be_a_year_a_month_or_a_day_until_today(since: str) -> None:
    given = {"title": "  Two \n words ", "words": " ", "since": since, "due": "2030-01-01", "status": "on"}
    assert changes(SECTION, STORED, given, TODAY) == {
        "title": "Two words",
        "since": since,
        "due": "2030-01-01",
        "status": "on",
    }
    assert changes(SECTION, STORED, {"title": "x" * LONGEST}, TODAY) == {"title": "x" * 300}


def test_a_line_has_the_concepts_name_and_the_facts_that_there_are() -> None:
    fact = Said("Under way", "En curso")
    assert line_of({"text": "Asthma"}, [None, fact], "2024") == Line(as_written("Asthma"), (fact,), "2024")
    assert line_of(None, [], None) == Line(Said("Without a name", "Sin nombre"))
    assert as_written("Asma") == ("Asma", "Asma")
