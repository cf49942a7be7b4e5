"""What a note may hold, what it lacks for a signature, and how it begins: the rules by themselves."""

from decimal import Decimal

import msgspec
import pytest

from chart.notes.domain import (
    FORMAT,
    LINE_LIMIT,
    MAX_DUE_DAYS,
    MAX_LINES,
    SECTION_LIMIT,
    TRANSITIONS,
    DiagnosisLine,
    NoteContent,
    PlanKind,
    PlanLine,
    VitalLine,
    missing_for_signing,
    prefilled,
    problems_with,
)
from core.ids import new_id
from identity.related.adults import Adult
from identity.related.domain import Relationship
from tests.moves import shown, table

PULSE = "8867-4"
LIMITS = {PULSE: (Decimal(20), Decimal(300))}
ITEM = PlanLine(new_id(), PlanKind.CALL, "Call")


def problems(**content: object) -> dict[str, str]:
    return problems_with(NoteContent(**content), LIMITS)  # type: ignore[arg-type]  # each test names its own


def test_the_moves_of_a_note() -> None:
    assert shown(TRANSITIONS) == table("""
        draft: draft ready
        ready: draft ready signed
        signed:
    """)


def test_how_much_a_note_holds() -> None:
    assert (SECTION_LIMIT, LINE_LIMIT, MAX_LINES, MAX_DUE_DAYS) == (20_000, 500, 50, 730)
    assert FORMAT == "carethread.note/1"


@pytest.mark.parametrize("section", ["subjective", "objective", "assessment", "plan"])
def test_each_section_has_an_end(section: str) -> None:
    assert problems(**{section: "x" * SECTION_LIMIT}) == {}
    assert problems(**{section: "x" * (SECTION_LIMIT + 1)}) == {f"content.{section}": "too_long"}


@pytest.mark.parametrize("letter", ["\x00", "\ud800", "\udabc", "\udfff"])
def test_what_cannot_be_stored_is_said(letter: str) -> None:
    assert problems(plan=f"a{letter}b") == {"content.plan": "unsupported_character"}
    assert problems(plan="a\ud7ff\ue000b\n\U0001f600") == {}


def test_lists_have_an_end() -> None:
    codes = [DiagnosisLine(f"A{at}", "x") for at in range(MAX_LINES + 1)]
    assert problems(diagnoses=codes[:-1]) == {}
    assert problems(diagnoses=codes) == {"content.diagnoses": "too_many_items"}
    vitals = [VitalLine(PULSE, Decimal(60), "/min")] * (MAX_LINES + 1)
    assert problems(vitals=vitals) == {"content.vitals": "too_many_items"}
    assert problems(plan_items=[ITEM] * (MAX_LINES + 1)) == {"content.plan_items": "too_many_items"}


def test_a_diagnosis_stands_once_with_a_name_on_a_line() -> None:
    twice = [DiagnosisLine("I10", "x"), DiagnosisLine("F41.1", "y"), DiagnosisLine("I10", "x")]
    assert problems(diagnoses=twice) == {"content.diagnoses.2.code": "duplicate"}
    assert problems(diagnoses=[DiagnosisLine("I10", "x" * LINE_LIMIT)]) == {}
    long = [DiagnosisLine("I10", "x" * (LINE_LIMIT + 1))]
    assert problems(diagnoses=long) == {"content.diagnoses.0.display": "too_long"}


def test_a_diagnosis_goes_on_the_problem_list_only_where_somebody_says_so() -> None:
    assert not DiagnosisLine("I10", "Hypertension").add_to_problems


def test_a_new_note_says_nothing() -> None:
    assert NoteContent() == NoteContent("", "", "", "", [], [], [])
    assert ITEM.detail == ""


def test_a_measurement_is_one_that_we_know_and_a_person_can_have() -> None:
    assert problems(vitals=[VitalLine(PULSE, Decimal(60), "/min")]) == {}
    assert problems(vitals=[VitalLine("0-0", Decimal(60), "/min")]) == {
        "content.vitals.0.code": "unknown_code"
    }
    wild = [VitalLine(PULSE, Decimal(60), "/min"), VitalLine(PULSE, Decimal(301), "/min")]
    assert problems(vitals=wild) == {"content.vitals.1.value": "implausible"}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": " "}, "title", "required"),
        ({"title": "x" * 501}, "title", "too_long"),
        ({"detail": "x" * 20_001}, "detail", "too_long"),
        ({"due_in_days": -1}, "due_in_days", "out_of_range"),
        ({"due_in_days": 731}, "due_in_days", "out_of_range"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_line(
    change: dict[str, object], field: str, code: str
) -> None:
    wrong = msgspec.structs.replace(ITEM, **change)
    assert problems(plan_items=[ITEM, wrong]) == {f"content.plan_items.1.{field}": code}


@pytest.mark.parametrize("days", [None, 0, 730])
def test_a_plan_is_for_today_or_within_two_years(days: int | None) -> None:
    assert problems(plan_items=[msgspec.structs.replace(ITEM, due_in_days=days)]) == {}


def test_a_signature_wants_an_assessment_and_a_plan() -> None:
    assert missing_for_signing(NoteContent(assessment=" ", plan="\n")) == {
        "content.assessment": "assessment_or_diagnosis_required",
        "content.plan": "plan_required",
    }
    assert missing_for_signing(NoteContent(assessment="Flu", plan="Rest")) == {}
    listed = NoteContent(diagnoses=[DiagnosisLine("J11.1", "Flu")], plan_items=[ITEM])
    assert missing_for_signing(listed) == {}


def test_a_note_begins_with_the_narrative_and_the_flags() -> None:
    intake = {
        "narrative": ["She coughs.", {"text": " Since  Monday. "}, {"title": "A title"}, {}],
        "chief_complaint": "not said twice",
        "flags": [{"title": "Pregnant"}, "Chest pain"],
        "changed_flags": ["Faint"],
    }
    assert prefilled(intake) == NoteContent(
        subjective="She coughs.\nSince Monday.\nA title\n"
        "Flags raised at intake: Pregnant; Chest pain\n"
        "Flags raised at intake, answers changed since: Faint",
        objective="Seen by video.",
    )


def test_an_intake_without_a_narrative_is_told_line_by_line() -> None:
    intake = {
        "chief_complaint": " Cough ",
        "hpi_lines": ["Since Monday", "  "],
        "ros": ["No fever", "No rash"],
        "medicines": ["Lisinopril", "Iron"],
        "allergies": [],
    }
    assert prefilled(intake).subjective.splitlines() == [
        "Cough",
        "- Since Monday",
        "Review of systems: No fever; No rash",
        "Medicines (patient-reported): Lisinopril; Iron",
        "Allergies (patient-reported): none reported",
    ]
    assert prefilled({"allergies": ["Latex"]}).subjective.splitlines() == [
        "Medicines (patient-reported): none reported",
        "Allergies (patient-reported): Latex",
    ]
    assert prefilled(None) == prefilled({}) == NoteContent()


def test_a_childs_note_begins_with_who_is_with_them() -> None:
    mother = Adult(name="Ana Ruiz", relationship=Relationship.MOTHER, phone="2083425000")
    alone = prefilled(None, mother)
    assert alone.subjective.startswith("With the child: Ana Ruiz (mother, not verified)")
    assert "\n" not in alone.subjective
    both = prefilled({"narrative": ["He coughs."]}, mother)
    assert both.subjective == f"{alone.subjective}\nHe coughs."


def test_what_was_told_of_each_list_is_told_apart() -> None:
    intake = {"allergies": ["Latex", "Iodine"], "changed_flags": ["Faint", "Fever"]}
    assert prefilled(intake).subjective.splitlines() == [
        "Medicines (patient-reported): none reported",
        "Allergies (patient-reported): Latex; Iodine",
        "Flags raised at intake, answers changed since: Faint; Fever",
    ]


def test_what_a_patient_told_at_length_is_kept_to_what_a_section_holds() -> None:
    assert len(prefilled({"narrative": ["x" * 30_000]}).subjective) == SECTION_LIMIT
