"""What was asked and answered, as a FHIR R4 `QuestionnaireResponse` (https://hl7.org/fhir/R4/questionnaireresponse.html).

It has the questionnaire's own structure and `linkId`s, and holds what counts: answers of questions that were asked,
and the scores made of them. What is enabled and left empty is left out, as FHIR wants it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.rules.text import Language
from intake.questionnaires.evaluation import values
from intake.questionnaires.questionnaire import Answer, Answers, Item, Option, Questionnaire

Resource = dict[str, Any]

# FHIR's string: no white space but these.
_OTHER_SPACE = re.compile(r"[^\S \r\n\t]")
_VALUES = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
}


def questionnaire_response(
    questionnaire: Questionnaire,
    answers: Answers,
    language: Language,
    *,
    patient_id: UUID,
    authored: dt.datetime,
) -> Resource:
    """The completed response of a patient who answered for themselves, in the language in which they read it."""
    patient = {"reference": f"Patient/{patient_id}"}
    items = _items(questionnaire.items, values(questionnaire, answers), language)
    response: Resource = {
        "resourceType": "QuestionnaireResponse",
        "language": language,
        "questionnaire": f"{questionnaire.url}|{questionnaire.version}",
        "status": "completed",
        "subject": patient,
        "authored": authored.isoformat(),
        "author": patient,
        "source": patient,
    }
    return response | ({"item": items} if items else {})


def _items(items: tuple[Item, ...], counted: Mapping[str, Answer], language: Language) -> list[Resource]:
    made = (_item(item, counted, language) for item in items)
    return [each for each in made if each is not None]


def _item(item: Item, counted: Mapping[str, Answer], language: Language) -> Resource | None:
    """An item with what was answered in it, None if nothing was."""
    below = _items(item.children, counted, language)
    head: Resource = {"linkId": item.link_id, "text": item.text.in_(language)}
    if item.type == "group":
        return head | {"item": below} if below else None
    if item.link_id not in counted:
        return None
    found = counted[item.link_id]
    given = [_answer(item, each, language) for each in (found if isinstance(found, list) else [found])]
    if below:
        given[0]["item"] = below
    return head | {"answer": given}


def _answer(item: Item, value: bool | float | str, language: Language) -> Resource:
    if item.type == "choice":
        option = item.option(str(value))
        return {"valueCoding": _coding(option, language)} if option else {"valueString": str(value)}
    if item.type in _VALUES:
        return {_VALUES[item.type]: value}
    return {"valueString": _OTHER_SPACE.sub(" ", str(value)).strip()}


def _coding(option: Option, language: Language) -> Resource:
    return {"system": option.system, "code": option.code, "display": option.text.in_(language)}
