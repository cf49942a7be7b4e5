"""Why a flag is red: read where it is seen, in both languages, kept with the rule's version."""

from typing import Any

import pytest
from sqlalchemy import text

from core.actor import system_actor
from core.rules.text import Text
from intake import catalog
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.explanation import raised
from intake.red_flags.rules import triage
from tests.conftest import ActAs
from tests.intake.conftest import World

ADULT = Facts(years=52, months=624, days=18_993)
BABY = Facts(years=0, months=1, days=42)
HOT = ("Yes, 103 °F (39.5 °C) or more", "Sí, 39.5 °C (103 °F) o más")
PHQ9 = {f"phq9.{n}": "LA6571-9" for n in range(1, 8)}

CASES: list[tuple[str, str, dict[str, Any], Facts, str, str]] = [
    (
        "chest_pain",
        "cough",
        {"safety.now": ["chest-pain"]},
        ADULT,
        "Right now: Chest pain, pressure or tightness",
        "En este momento: Dolor, presión u opresión en el pecho",
    ),
    (
        "infant_fever",
        "cough",
        {"fever": "39.5"},
        BABY,
        f"Age: 6 weeks (89 days or less) · Fever: {HOT[0]}",
        f"Edad: 6 semanas (89 días o menos) · Fiebre: {HOT[1]}",
    ),
    (
        "infant_fever",
        "cough",
        {"fever": "39.5"},
        Facts(years=0, months=0, days=1),
        f"Age: 1 day (89 days or less) · Fever: {HOT[0]}",
        f"Edad: 1 día (89 días o menos) · Fiebre: {HOT[1]}",
    ),
    (
        "infant_fever",
        "cough",
        {"fever": "39.5"},
        Facts(years=0, months=0, days=7),
        f"Age: 7 days (89 days or less) · Fever: {HOT[0]}",
        f"Edad: 7 días (89 días o menos) · Fiebre: {HOT[1]}",
    ),
    (
        "new_headache_50",
        "headache",
        {"headache.before": False},
        ADULT,
        "Age: 52 years (50 years or more) · Similar headaches before: no",
        "Edad: 52 años (50 años o más) · Dolores parecidos antes: no",
    ),
    ("depression_severe", "mood", PHQ9, ADULT, "PHQ-9: 21 (20 or more)", "PHQ-9: 21 (20 o más)"),
    (
        "testicle",
        "urinary",
        {"testicle.pain": True},
        Facts(20, 240, 7300, sex="male"),
        "Sudden testicle pain: yes",
        "Dolor repentino de un testículo: sí",
    ),
]


@pytest.mark.parametrize(("rule", "reason", "answers", "facts", "en", "es"), CASES)
def test_a_flag_says_which_answers_raised_it(
    rule: str, reason: str, answers: dict[str, Any], facts: Facts, en: str, es: str
) -> None:
    questionnaire = for_person(catalog.questionnaires()[reason], facts)
    found = triage(catalog.rules(), catalog.lexicon(), questionnaire, answers, facts)
    because = {each.rule.id: each.decision.because for each in raised(found, questionnaire, answers, facts)}
    assert because[rule] == Text(en, es)


async def test_staff_read_why_in_the_queue_the_visit_and_the_intake(world: World) -> None:
    chest, faint = ["chest-pain"], ["chest-pain", "fainting"]
    await world.put(0, {"answers": {"safety.now": chest}})
    for flag in await _everywhere(world):
        assert flag["because"]["en"] == "Right now: Chest pain, pressure or tightness"
        assert flag["because"]["es"] == "En este momento: Dolor, presión u opresión en el pecho"
    first = (await _row(world))["red_flags"][0]
    assert first["version"] == 1
    await world.put(1, {"answers": {"safety.now": faint}})
    assert [flag["code"] for flag in (await _row(world))["red_flags"]] == ["chest_pain", "fainting"]


async def test_a_flag_that_holds_for_another_reason_says_the_new_one(world: World) -> None:
    await world.put(0, {"answers": {"follow.about": "My chest hurts", "ask.chest_pain": True}})
    [flag] = (await _row(world))["red_flags"]
    assert flag["because"]["en"] == "Yes to “Do you have chest pain, pressure or tightness right now?”"
    await world.put(1, {"answers": {"follow.about": "My chest hurts", "safety.now": ["chest-pain"]}})
    [now] = (await _row(world))["red_flags"]
    assert now["because"]["en"] == "Right now: Chest pain, pressure or tightness"
    assert (now["at"], now["changed_at"]) == (flag["at"], None)
    await world.put(2, {"answers": {"safety.now": ["none"]}})
    [gone] = (await _row(world))["red_flags"]
    assert gone["changed_at"] and gone["because"] == now["because"], "why it was raised stays"


async def test_a_flag_that_was_stored_before_reasons_is_still_read(world: World, act_as: ActAs) -> None:
    await world.put(0, {"answers": {"safety.now": ["chest-pain"]}})
    async with act_as(system_actor(world.clinic.id)) as unit:
        for strip in (
            "UPDATE visit SET red_flags = jsonb_build_array(red_flags -> 0 #- '{because}' #- '{version}')",
            "UPDATE intake_form SET flags = jsonb_build_array(flags -> 0 #- '{because}' #- '{version}')",
        ):
            await unit.write.execute(text(strip))
    for flag in await _everywhere(world):
        assert flag["because"] is None
    await world.put(1, {"answers": {"safety.now": ["chest-pain"], "trend": "same"}})
    [flag] = (await _row(world))["red_flags"]
    assert (flag["version"], flag["because"]["en"][:10]) == (1, "Right now:")


async def _row(world: World) -> dict[str, Any]:
    [row] = (await world.staff_browser.get("/api/queue")).json()["entries"]
    found: dict[str, Any] = row
    return found


async def _everywhere(world: World) -> list[dict[str, Any]]:
    """The first flag as the queue, the visit and the intake's summary show it."""
    visit = (await world.staff_browser.get(f"/api/visits/{world.visit_id}")).json()
    seen = (await world.staff_browser.get(f"{world.url}/summary")).json()
    return [(await _row(world))["red_flags"][0], visit["red_flags"][0], seen["flags"][0]]
