"""Fills intake forms as a patient would, for the demo's visits."""

from datetime import date
from random import Random
from typing import Any

from intake.draft import (
    DraftConsent,
    DraftContact,
    DraftIdentity,
    DraftLocation,
    IntakeDraft,
)
from intake.questionnaires.evaluation import enabled
from intake.questionnaires.questionnaire import Answers, Item, Questionnaire

_SAFE_WORDS = ("no", "none", "never", "mild", "not-at-all", "better", "fine")


def fill(
    questionnaire: Questionnaire,
    words: str,
    chance: Random,
    today: date,
    alarming: dict[str, Any] | None = None,
) -> Answers:
    """Answers to every question that is asked and must be answered: harmless ones, but for ``alarming``."""
    answers: dict[str, Any] = dict(alarming or {})
    while True:
        missing = [
            item
            for item in enabled(questionnaire, answers)
            if item.link_id not in answers and (item.required or item.type in ("text", "string"))
        ]
        missing = [item for item in missing if item.type not in ("group", "display") and not item.hidden]
        if not missing:
            return answers
        for item in missing:
            answers[item.link_id] = _answer(item, words, chance, today)


def _answer(item: Item, words: str, chance: Random, today: date) -> Any:
    match item.type:
        case "boolean":
            return False
        case "integer" | "decimal":
            low, high = item.minimum or 0, item.maximum or 10
            return chance.randint(low, min(high, low + 4))
        case "date":
            return today.isoformat()
        case "choice" | "open-choice":
            return _choose(item, chance)
        case _:
            return words[: item.max_length or 5000]


def _choose(item: Item, chance: Random) -> Any:
    harmless = [option for option in item.options if option.exclusive or option.code in _SAFE_WORDS]
    zero = [option for option in item.options if option.score == 0]
    chosen = chance.choice(harmless or zero or list(item.options)[:2]).code
    return [chosen] if item.repeats else chosen


def draft(
    answers: Answers, *, street: str, city: str, state: str, zip_code: str, phone: str, consent_hash: str, name: str,
    language: str, known: IntakeDraft,
) -> IntakeDraft:  # fmt: skip
    """A whole draft: everything on file confirmed, everything asked for given."""
    known.identity = DraftIdentity(confirmed="yes")
    known.location = DraftLocation(line=street, city=city, state=state, zip=zip_code)
    known.contact = DraftContact(callback_phone=phone, reach_by="phone")
    known.answers = dict(answers)
    for allergy in known.allergies:
        allergy.status = "confirmed"
    for medicine in known.medicines:
        medicine.status = "confirmed"
    known.no_allergies = not known.allergies
    known.no_medicines = not known.medicines
    known.consent = DraftConsent(
        agreed=True, text_hash=consent_hash, language="es" if language == "es" else "en", signature=name
    )
    return known
