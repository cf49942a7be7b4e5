"""The form of a section: which values it takes, and what is said of those that it does not."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from chart.domain import Resource, Said, Source, as_written
from chart.record.building import Asserter
from chart.record.sections.domain import LONGEST, Field, Line, Section, built, changes, edited, line_of
from chart.record.sections.parts import concept, plain
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
        Field(name="outcome", at=concept("outcome"), label=WORDS, required=True, asked=False),
    ),
    line=lambda resource: Line(WORDS),
    new=lambda by: {"words": "As new", "since": by.at.date().isoformat()},
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


BY = Asserter(Source.CLINICIAN, UUID(int=1), UUID(int=2), datetime(2026, 11, 27, 23, tzinfo=UTC))


def test_a_new_record_has_what_was_filled_in_and_is_not_asked_what_only_a_change_is() -> None:
    assert built(SECTION, {"title": " Asthma ", "since": "2026-11-27"}, BY) == {
        "title": "Asthma",
        "since": "2026-11-27",
    }
    with pytest.raises(Invalid) as refused:
        built(SECTION, {"words": "a", "since": "2026-11-28", "outcome": ""}, BY)
    assert {each.path: each.code for each in refused.value.fields} == {
        "title": "required",
        "since": "in_the_future",
        "outcome": "required",
    }


def test_what_a_form_gives_back_as_it_was_shown_is_no_change_whatever_it_is() -> None:
    """What another system wrote may be longer than a form takes."""
    stored = {"title": "x" * 400, "since": "2099", "words": "Two words"}
    assert (
        changes(SECTION, stored, {"title": "x" * 400, "since": "2099", "words": " Two  words"}, TODAY) == {}
    )
    # No field shows what its name does not name.
    with pytest.raises(Invalid):
        changes(SECTION, stored, {"other": ""}, TODAY)


def test_an_edit_touches_nothing_but_what_is_said_otherwise() -> None:
    stored: dict[str, Any] = {
        "title": "Asthma",
        "words": "Old",
        "outcome": {"text": "Well", "coding": [{"code": "w"}]},
    }
    after = edited(SECTION, stored, {"words": "", "outcome": "Well"})
    assert after == {"title": "Asthma", "outcome": {"text": "Well", "coding": [{"code": "w"}]}}
