"""The whole document: what is missing, flags through their life, consent, age, and the clinician's summary."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import catalog
from intake.domain import Consent, RaisedFlag, acknowledge, asked_only, check, only_none, raise_flags, unread
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


def test_a_medicine_needs_its_name_and_what_was_removed_says_nothing() -> None:
    draft = full_draft()
    draft.medicines = [DraftMedicine(key="m1", name=" "), DraftMedicine(key="m2", name="Iron", status="")]
    draft.no_medicines = False
    assert faults(draft) == [("medicines.m1.name", "required"), ("medicines.m2.status", "required")]
    draft.medicines = [DraftMedicine(key="m1", name="Iron", status="removed")]
    assert faults(draft) == [("no_medicines", "required")]


def test_what_is_wrong_with_a_list_is_said_once() -> None:
    draft = full_draft()
    draft.allergies = [DraftAllergy(key="a1", substance=" ", status="removed")]
    assert faults(draft) == [("allergies.a1.substance", "required")]


def test_an_entry_that_says_none_agrees_with_none() -> None:
    draft = full_draft()
    draft.allergies = [DraftAllergy(key="a1", substance="NKDA", status="new")]
    draft.no_allergies = True
    assert faults(draft) == []
    draft.allergies.append(DraftAllergy(key="a2", substance="Latex", status="new"))
    assert faults(draft) == [("no_allergies", "contradiction")]


def test_only_what_is_left_says_that_there_is_none() -> None:
    none = DraftAllergy(key="a1", substance="NKDA")
    gone = DraftAllergy(key="a2", substance="Latex", status="removed")
    assert only_none([none, gone])
    assert only_none([DraftMedicine(key="m1", name="ninguna")])
    assert not only_none([none, DraftAllergy(key="a3", substance="Latex")])
    assert not only_none([gone])
    assert not only_none([])


def test_a_pharmacy_is_one_of_ours_or_is_named() -> None:
    draft = full_draft()
    for pharmacy, known in (("id", True), ("name", True), ("", False)):
        draft.pharmacy = DraftPharmacy(**{pharmacy: "Corner"} if pharmacy else {"name": " "})
        assert faults(draft) == ([] if known else [("pharmacy.id", "required")])


def test_a_signature_is_more_than_a_blank_and_does_not_agree_by_itself() -> None:
    draft = full_draft()
    draft.consent = DraftConsent(agreed=True, text_hash="x", signature=" ")
    assert faults(draft) == [("consent.signature", "required")]
    draft.consent = DraftConsent(agreed=False, text_hash="x", signature="Ana Ruiz")
    assert faults(draft) == [("consent.agreed", "required")]


def test_a_child_has_an_adult_unless_in_danger() -> None:
    questionnaire = for_person(catalog.questionnaires()["follow-up"], MAN)
    for in_pain in (False, True):
        draft, wanted = full_draft(), not in_pain
        draft.answers = {**draft.answers, "follow.about": "chest pain", "ask.chest_pain": in_pain}
        found = triage(RULES, catalog.lexicon(), questionnaire, draft.answers, MAN)
        told = check(draft, questionnaire, found, NOW.date(), complete=True, adults=[])
        assert [each.path for each in told if each.path.startswith("adult.")] == (
            ["adult.name", "adult.relationship", "adult.phone"] if wanted else []
        )
        partly = check(draft, questionnaire, found, NOW.date(), complete=False, adults=[])
        assert not [each for each in partly if each.path.startswith("adult.")]


def test_what_was_entered_is_looked_at_before_all_of_it_is() -> None:
    draft = full_draft()
    draft.identity = DraftIdentity(confirmed="no")
    draft.contact.callback_phone = "12"
    draft.answers = {"follow.about": "chest pain again", "ask.chest_pain": "no"}
    told = faults(draft, complete=False)
    assert ("contact.callback_phone", "phone_invalid") in told
    assert ("answers.ask.chest_pain", "invalid") in told
    assert not [each for each in told if each[1] == "required"]


def test_a_flag_that_stays_away_keeps_since_when_and_a_reading_its_first_time() -> None:
    chest = next(rule for rule in RULES if rule.id == "chest_pain")
    raised = Raised(chest, said_yes(chest))
    one, two = (NOW + dt.timedelta(minutes=each) for each in (1, 2))
    flags = raise_flags([], [raised], NOW)
    assert (flags[0].level, flags[0].active, flags[0].acknowledged_at) == ("emergency", True, None)
    assert acknowledge(flags, ["stroke"], one) == flags
    read = acknowledge(acknowledge(flags, ["chest_pain"], one), ["chest_pain"], two)
    assert read[0].acknowledged_at == one
    gone = raise_flags(raise_flags(flags, [], one), [], two)
    assert (gone[0].active, gone[0].changed_at) == (False, one)
    assert unread(gone) == []
    bare = RaisedFlag("chest_pain", "emergency", NOW)
    assert unread([bare]) == [bare], "it holds until an answer says otherwise"
    back = raise_flags(gone, [raised], two)
    assert (len(back), back[0].active, back[0].changed_at, back[0].raised_at) == (1, True, None, NOW)


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
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert Consent(1, "en", "abc").hash == known, "SHA-256 of FIPS 180-4"


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
