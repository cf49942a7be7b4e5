"""A sent intake as a FHIR QuestionnaireResponse: valid, and saying what its questionnaire asked."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chart.record import bindings
from core.actor import system_actor
from intake import catalog
from intake.questionnaires.evaluation import enabled, values
from intake.questionnaires.fhir_response import questionnaire_response
from intake.questionnaires.questionnaire import Answer, Item, Questionnaire
from tests.conftest import ActAs
from tests.intake.conftest import World

NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
PATIENT = uuid4()


def answer_to(item: Item) -> st.SearchStrategy[Answer]:
    codes = st.sampled_from([option.code for option in item.options] or ["none"])
    match item.type:
        case "choice" if item.repeats:
            return st.lists(codes, min_size=1, unique=True)
        case "choice":
            return codes
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(0, 200)
    return st.text(max_size=40) | st.sampled_from(["\x0bodd\x0c spaces\u2003", " \n", "¿dónde?", "<b>"])


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, dict[str, Answer]]:
    questionnaire = draw(
        st.sampled_from(sorted(catalog.questionnaires().values(), key=lambda each: each.code))
    )
    asked = [item for item in questionnaire.walk() if item.type not in ("group", "display")]
    return questionnaire, {
        item.link_id: draw(answer_to(item)) for item in asked if not item.sum_of and draw(st.booleans())
    }


def flat(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from flat(item.get("item", []))


@given(answered(), st.sampled_from(["en", "es"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_answered_is_a_valid_response_to_what_was_asked(
    case: tuple[Questionnaire, dict[str, Answer]], language: Any
) -> None:
    questionnaire, answers = case
    made = questionnaire_response(questionnaire, answers, language, patient_id=PATIENT, authored=NOW)
    bindings.check(made)
    QuestionnaireResponse.model_validate(made)
    asked = {item.link_id: item for item in enabled(questionnaire, answers)}
    found = {item["linkId"]: item for item in flat(made.get("item", []))}
    assert {link for link, item in found.items() if "answer" in item} == values(questionnaire, answers).keys()
    for link, item in found.items():
        assert item["text"] == asked[link].text.in_(language)
        options = {option.code for option in asked[link].options}
        assert all(each["valueCoding"]["code"] in options for each in item.get("answer", []) if options)
    order = [item.link_id for item in questionnaire.walk()]
    assert [order.index(link) for link in found] == sorted(order.index(link) for link in found)


def test_a_score_and_its_answers_are_in_it() -> None:
    mood = catalog.questionnaires()["mood"]
    questions = next(item for item in mood.walk() if item.link_id == "phq2.total").sum_of
    answers: dict[str, Answer] = {}
    for link in questions:
        item = next(each for each in mood.walk() if each.link_id == link)
        answers[link] = next(option.code for option in item.options if option.score == 3)
    made = questionnaire_response(mood, answers, "es", patient_id=PATIENT, authored=NOW)
    found = {item["linkId"]: item for item in flat(made["item"])}
    assert found["phq2.total"]["answer"] == [{"valueInteger": 3 * len(questions)}]
    coding = found[questions[0]]["answer"][0]["valueCoding"]
    assert coding["system"] and coding["display"] and coding["code"] == answers[questions[0]]


async def test_sending_keeps_the_answers_in_the_chart_as_the_patients_words(
    world: World, act_as: ActAs
) -> None:
    await world.put(0, await world.complete_draft(), language="es")
    sent = await world.browser.post(f"{world.url}/submit", json={"version": 1})
    assert sent.status_code == 201, sent.text
    async with act_as(system_actor(world.clinic.id)) as unit:
        query = text("SELECT * FROM record WHERE resource_type = 'QuestionnaireResponse'")
        [row] = (await unit.read.execute(query)).all()
    kept = QuestionnaireResponse.model_validate(row.resource)
    assert (row.patient_id, row.visit_id, row.source) == (world.patient.id, world.visit_id, "patient")
    asked = next(
        each
        for each in catalog.questionnaires().values()
        if kept.questionnaire == f"{each.url}|{each.version}"
    )
    assert row.resource["subject"] == {"reference": f"Patient/{world.patient.id}"}
    assert row.resource["language"] == "es" and row.resource["status"] == "completed"
    assert kept.authored == row.effective_at
    found = {item["linkId"]: item["answer"] for item in flat(row.resource["item"]) if "answer" in item}
    assert found["follow.about"] == [{"valueString": "Sleeping badly"}]
    assert found["follow.new"] == [{"valueBoolean": False}]
    assert found.keys() <= {item.link_id for item in asked.walk()}


@pytest.mark.parametrize("code", sorted(catalog.questionnaires()))
def test_every_questionnaire_can_be_answered_with_nothing(code: str) -> None:
    made = questionnaire_response(catalog.questionnaires()[code], {}, "en", patient_id=PATIENT, authored=NOW)
    bindings.check(made)
    assert "item" not in made
