"""The whole document: what is missing, flags through their life, consent, age, and the clinician's summary."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import catalog
from intake.domain import Consent, RaisedFlag, acknowledge, asked_only, check, raise_flags, unread
from intake.draft import (
    AnswerValue,
    DraftAllergy,
    DraftConsent,
    DraftContact,
    DraftIdentity,
    DraftLocation,
    DraftMedicine,
    DraftPharmacy,
    IntakeDraft,
    KeptDraft,
)
from intake.questionnaires.checking import check as check_answers
from intake.questionnaires.evaluation import enabled
from intake.questionnaires.facts import Facts, facts_on
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.explanation import Raised, said_yes
from intake.red_flags.rules import triage
from intake.summary.build import question_lines, summary
from tests.decisions import decision

NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
RULES = catalog.rules()
MAN = Facts(years=40, months=480, days=14_610, sex="male")


def full_draft() -> IntakeDraft:
    return IntakeDraft(
        identity=DraftIdentity(confirmed="yes"),
        location=DraftLocation(line="12 Elm St", city="Boise", state="ID", zip="83702"),
        contact=DraftContact(callback_phone="208 342 5000", reach_by="phone"),
        answers={
            "safety.now": ["none"],
            "follow.about": "My cough",
            "trend": "better",
            "follow.medicine": "part",
            "follow.why": "Upset stomach",
            "follow.new": False,
        },
        allergies=[DraftAllergy(key="a1", substance="Penicillin", reaction="Hives", status="confirmed")],
        medicines=[DraftMedicine(key="m1", name="Lisinopril 10 mg", status="removed")],
        no_medicines=True,
        pharmacy=DraftPharmacy(name="Corner Drug"),
        consent=DraftConsent(agreed=True, text_hash="x", signature="Ana Ruiz"),
    )


def faults(draft: IntakeDraft, *, complete: bool = True) -> list[tuple[str, str]]:
    questionnaire = for_person(catalog.questionnaires()["follow-up"], MAN)
    found = triage(RULES, catalog.lexicon(), questionnaire, draft.answers, MAN)
    return [
        (fault.path, fault.code)
        for fault in check(draft, questionnaire, found, NOW.date(), complete=complete)
    ]


def test_a_full_document_may_be_sent() -> None:
    assert faults(full_draft()) == []


def test_an_empty_one_names_everything_in_the_order_of_the_steps() -> None:
    paths = [path for path, code in faults(IntakeDraft()) if code == "required"]
    assert paths == [
        "identity.confirmed",
        "location.line",
        "location.city",
        "location.state",
        "location.zip",
        "contact.callback_phone",
        "contact.reach_by",
        "answers.safety.now",
        "answers.follow.about",
        "answers.trend",
        "answers.follow.medicine",
        "answers.follow.new",
        "no_allergies",
        "no_medicines",
        "pharmacy.id",
        "consent.agreed",
        "consent.signature",
    ]
    assert faults(IntakeDraft(), complete=False) == []


def test_wrong_details_on_file_need_a_word_about_what_is_wrong() -> None:
    draft = full_draft()
    draft.identity = DraftIdentity(confirmed="no")
    assert faults(draft) == [("identity.note", "required")]
    draft.identity.note = "Born in 1981"
    assert faults(draft) == []


def test_a_question_that_the_words_called_for_has_to_be_answered() -> None:
    draft = full_draft()
    draft.answers = {**draft.answers, "follow.about": "chest pain again"}
    assert faults(draft) == [("answers.ask.chest_pain", "required")]
    draft.answers = {**draft.answers, "ask.chest_pain": "no"}
    assert faults(draft) == [("answers.ask.chest_pain", "invalid")]
    draft.answers = {**draft.answers, "ask.chest_pain": False}
    assert faults(draft) == []


def test_entries_from_the_record_are_confirmed_one_by_one() -> None:
    draft = full_draft()
    draft.allergies = [DraftAllergy(key="a1", substance="Penicillin", status=""), DraftAllergy(key="a2")]
    assert faults(draft) == [
        ("allergies.a1.status", "required"),
        ("allergies.a2.substance", "required"),
    ]


def test_none_and_a_list_contradict_each_other() -> None:
    draft = full_draft()
    draft.no_allergies = True
    assert faults(draft) == [("no_allergies", "contradiction")]


def test_flags_stay_when_an_answer_is_changed_and_are_read_once() -> None:
    chest, stroke = (next(rule for rule in RULES if rule.id == each) for each in ("chest_pain", "stroke"))
    flags = raise_flags([], [Raised(chest, said_yes(chest))], NOW)
    assert [flag.id for flag in unread(flags)] == ["chest_pain"]
    flags = acknowledge(flags, ["chest_pain"], NOW)
    assert unread(flags) == []
    later = NOW + dt.timedelta(minutes=1)
    flags = raise_flags(flags, [Raised(stroke, decision("stroke"))], later)
    assert [(flag.id, flag.active) for flag in flags] == [("chest_pain", False), ("stroke", True)]
    assert flags[0].because == said_yes(chest).because, "why it was raised stays"
    flags = acknowledge(
        raise_flags(flags, [Raised(chest, decision("chest_pain"))], later), ["chest_pain"], later
    )
    why = decision("chest_pain").because
    assert flags[0] == RaisedFlag("chest_pain", "emergency", NOW, True, NOW, version=1, because=why)


def test_consent_is_bound_to_the_very_text() -> None:
    assert Consent(1, "en", "I agree.").hash != Consent(1, "en", "I agree!").hash
    assert len(Consent(1, "en", "I agree.").hash) == 64


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ((1976, 11, 20), (2026, 11, 20), (50, 600, 18_262)),
        ((1976, 11, 21), (2026, 11, 20), (49, 599, 18_261)),
        ((2004, 2, 29), (2025, 2, 28), (20, 251, 7670)),
        ((2004, 2, 29), (2025, 3, 1), (21, 252, 7671)),
        ((2026, 10, 9), (2026, 11, 20), (0, 1, 42)),
        ((2026, 8, 31), (2026, 9, 30), (0, 0, 30)),
        ((2026, 8, 31), (2026, 10, 1), (0, 1, 31)),
        ((2026, 11, 20), (2026, 11, 20), (0, 0, 0)),
    ],
)
def test_age_in_whole_years_and_months_and_in_days(
    born: tuple[int, int, int], today: tuple[int, int, int], age: tuple[int, int, int]
) -> None:
    found = facts_on(dt.date(*born), "female", dt.date(*today))
    assert (found.years, found.months, found.days) == age


def test_only_answers_to_what_is_asked_stay_in_the_document() -> None:
    questionnaire = for_person(catalog.questionnaires()["follow-up"], MAN)
    answers: dict[str, AnswerValue] = {
        "follow.about": "I have chest pain",
        "follow.medicine": "yes",
        "follow.why": "left over",
        "pregnant": "yes",
        "ask.chest_pain": False,
        "ask.stroke": True,
        "made.up": 1,
    }
    found = triage(RULES, catalog.lexicon(), questionnaire, answers, MAN)
    kept = asked_only(KeptDraft(answers=answers), questionnaire, found).answers
    assert kept == {
        "follow.about": "I have chest pain",
        "follow.medicine": "yes",
        "ask.chest_pain": False,
    }


def test_the_summary_fills_a_note_in_either_language() -> None:
    questionnaire = catalog.questionnaires()["follow-up"]
    english = summary(questionnaire, full_draft(), [RULES[0]], "en")
    assert english.chief_complaint == "Follow-up: “My cough”"
    assert english.hpi_lines == [
        "Course: Getting better",
        "Taking medicine: Partly",
        "Obstacle: Upset stomach",
        "New symptoms: no",
    ]
    assert english.ros[0].startswith("Denies: Chest pain, pressure or tightness; ")
    assert english.allergies == ["Penicillin (Hives)"]
    assert english.medicines == ["Lisinopril 10 mg (patient says no longer)"]
    assert [(flag.id, flag.level) for flag in english.flags] == [("chest_pain", "emergency")]
    spanish = summary(questionnaire, full_draft(), [], "es")
    assert spanish.hpi_lines[0] == "Evolución: Mejorando"


def test_scores_are_summed_and_named_when_the_scale_is_complete() -> None:
    questionnaire = catalog.questionnaires()["mood"]
    daily, some, never = "LA6571-9", "LA6569-3", "LA6568-5"
    answers: dict[str, AnswerValue] = {f"phq9.{n}": daily if n < 4 else some for n in range(1, 10)}
    draft = IntakeDraft(answers=answers | {"gad7.1": never})
    found = summary(questionnaire, draft, [], "en")
    assert "PHQ-9: 15 of 27, moderately severe" in found.hpi_lines
    assert "PHQ-2: 6 of 6, positive" in found.hpi_lines
    assert not any(line.startswith("GAD-7") for line in found.hpi_lines)
    shown = question_lines(questionnaire, draft, "en")
    assert shown[0].answer == "Nearly every day"
    assert "last 2 weeks" in shown[0].group


TYPED = st.text("aé\u0301 ß胸İ'1-\x00", max_size=60)
JSON_VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TYPED,
    st.lists(TYPED, max_size=4),
)


@given(st.data())
def test_no_answers_break_the_rules_or_the_summary(data: st.DataObject) -> None:
    questionnaire = data.draw(st.sampled_from(list(catalog.questionnaires().values())))
    links = [item.link_id for item in questionnaire.walk()] + ["ask.chest_pain", "unknown"]
    options = [option.code for item in questionnaire.walk() for option in item.options]
    value = st.one_of(JSON_VALUES, st.sampled_from(options), st.lists(st.sampled_from(options), max_size=3))
    answers = data.draw(st.dictionaries(st.sampled_from(links), value, max_size=20))
    found = triage(
        RULES,
        catalog.lexicon(),
        questionnaire,
        answers,
        Facts(age := data.draw(st.integers(0, 120)), age * 12, age * 365),
    )
    check_answers(questionnaire, answers, NOW.date())
    made = summary(questionnaire, IntakeDraft(answers=answers), found.flags, "es")
    assert msgspec.json.encode(made)
    asked = {item.link_id for item in enabled(questionnaire, answers)}
    assert len(question_lines(questionnaire, IntakeDraft(answers=answers), "en")) <= len(asked)
