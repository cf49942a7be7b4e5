"""What the patient tapped, as a clinician would write it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import catalog
from intake.draft import AnswerValue, IntakeDraft
from intake.questionnaires.questionnaire import Item, Questionnaire
from intake.summary.build import summary
from intake.summary.narrative import chart_words, listed

QUESTIONNAIRES = list(catalog.questionnaires().values())


def told(code: str, answers: dict[str, AnswerValue], language: str = "en", **draft: bool) -> list[str]:
    made = IntakeDraft(answers=answers, **draft)  # type: ignore[arg-type]  # the flags no_medicines, no_allergies
    return summary(catalog.questionnaires()[code], made, [], "es" if language == "es" else "en").narrative


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_there_comes_first_and_one_list_of_what_is_not(language: str) -> None:
    answers: dict[str, AnswerValue] = {
        "safety.now": ["none"],
        "concern.text": "Me duele la garganta desde el lunes.",
        "duration": "1-3d",
        "fever": "no",
        "throat.symptoms": ["patches", "glands"],
        "throat.warning": ["none"],
        "throat.strep": True,
        "tried": "paracetamol",
    }
    lines = told("sore-throat", answers, language, no_medicines=True, no_allergies=True)
    assert lines == [
        "Reason for visit: Sore throat. In the patient's words: “Me duele la garganta desde el lunes”.",
        "Symptoms began 1 to 3 days ago. Had contact with someone who has strep throat. "
        "Has taken or tried “paracetamol”.",
        "Reports swollen, tender glands in the neck; and white patches on the tonsils.",
        "Denies chest pain, pressure or tightness; shortness of breath at rest; facial droop, one-sided "
        "weakness or numbness, or trouble speaking or seeing; swelling of the tongue, lips or throat; "
        "fainting, severe confusion or trouble waking up; heavy bleeding that does not stop; fever or "
        "infection with confusion, a racing heart, or cold, blotchy skin; too much of a medicine, or exposure "
        "to something harmful; thoughts of suicide or self-harm; being hurt, threatened or unsafe at home; "
        "fever; cough; runny nose; hoarse voice; rash on the body; inability to swallow saliva; noisy "
        "breathing or trouble breathing; a muffled voice; inability to open the mouth fully; and stiff neck.",
        "Takes no medicines.",
        "Has no known allergies.",
    ]


def test_what_was_not_asked_is_neither_reported_nor_denied() -> None:
    lines = told("sore-throat", {"fever": "38"})
    assert lines[1:] == [
        "Reports a fever of 100.4 to 102.9 °F (38 to 39.4 °C).",
        "Medicines were not reported.",
        "Allergies were not reported.",
    ]


def test_every_question_has_the_charts_words_for_each_of_its_answers() -> None:
    missing = []
    for questionnaire in QUESTIONNAIRES:
        for item in questionnaire.walk():
            if item.type in ("group", "display") or item.hidden or item.note_section == "cc":
                continue
            if any(option.score is not None for option in item.options):
                continue
            missing += [f"{questionnaire.code} {item.link_id} {each}" for each in unsaid(item)]
    assert missing == []


def unsaid(item: Item) -> list[str]:
    words = chart_words().get(item.link_id)
    if words is None:
        return ["has no words"]
    if item.type == "boolean":
        return [] if words.yes and words.no else ["yes and no"]
    if item.type == "integer":
        return [] if words.number else ["number"]
    if item.type in ("string", "text"):
        return [] if words.words else ["words"]
    said = words.findings.keys() | words.options.keys() | words.denies.keys() | words.items.keys()
    return [each.code for each in item.options if each.code not in said and not each.exclusive]


@pytest.mark.parametrize(
    ("phrases", "sentence"),
    [
        (["cough"], "cough"),
        (["cough", "phlegm"], "cough and phlegm"),
        (["cough", "phlegm", "fever"], "cough, phlegm and fever"),
        (["cough", "a, b or c"], "cough; and a, b or c"),
    ],
)
def test_a_list_is_read_without_a_doubt(phrases: list[str], sentence: str) -> None:
    assert listed(phrases) == sentence


def answers_of(questionnaire: Questionnaire, data: st.DataObject) -> dict[str, AnswerValue]:
    made: dict[str, AnswerValue] = {}
    for item in questionnaire.walk():
        codes = [option.code for option in item.options]
        if item.type == "boolean":
            made[item.link_id] = data.draw(st.booleans())
        elif item.type == "integer" and not item.hidden:
            made[item.link_id] = data.draw(st.integers(0, 10))
        elif codes and item.repeats:
            made[item.link_id] = data.draw(
                st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)
            )
        elif codes:
            made[item.link_id] = data.draw(st.sampled_from(codes))
    return made


@given(st.data())
def test_whatever_is_answered_reads_as_prose_of_the_third_person(data: st.DataObject) -> None:
    questionnaire = data.draw(st.sampled_from(QUESTIONNAIRES))
    draft = IntakeDraft(answers=answers_of(questionnaire, data))
    lines = summary(questionnaire, draft, [], "en").narrative
    assert sum(line.startswith("Denies ") for line in lines) <= 1
    for line in lines:
        assert line[0].isupper() and line.endswith("."), line
        assert not re.search(r"\b(I|me|my|you|your|none of these)\b|\.\.|; \.|\{|:\s*:|  ", line, re.I), line
