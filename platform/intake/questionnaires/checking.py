"""What is wrong with the answers of a questionnaire. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from intake.questionnaires.evaluation import enabled, is_blank, well_typed
from intake.questionnaires.questionnaire import Answers, Fault, Item, Questionnaire

EARLIEST_DATE = dt.date(1900, 1, 1)


def check(
    questionnaire: Questionnaire, answers: Answers, today: dt.date, *, complete: bool = True
) -> list[Fault]:
    """What is wrong with the answers, in the order of the questions.

    With `complete=False` (while the patient is still writing) an unanswered question is no fault.
    `today` is the date where the patient is: dates asked at intake lie in the past.
    """
    faults = []
    for item in enabled(questionnaire, answers):
        if item.type in ("group", "display") or item.hidden:
            continue
        fault = _check_item(item, answers.get(item.link_id), today, complete)
        if fault is not None:
            faults.append(fault)
    return faults


def _check_item(item: Item, answer: Any, today: dt.date, complete: bool) -> Fault | None:
    if is_blank(answer):
        return Fault(item.link_id, "required") if item.required and complete else None
    if not well_typed(item, answer):
        return Fault(item.link_id, "invalid")
    match item.type:
        case "choice":
            return _check_choice(item, answer if isinstance(answer, list) else [answer])
        case "integer" | "decimal":
            return _check_range(item, answer)
        case "date":
            return _check_date(item, answer, today)
        case "string" | "text" if item.max_length is not None and len(answer) > item.max_length:
            return Fault(item.link_id, "too_long", {"max": item.max_length})
    return None


def _check_choice(item: Item, codes: list[str]) -> Fault | None:
    options = [item.option(code) for code in codes]
    if None in options or len(set(codes)) != len(codes):
        return Fault(item.link_id, "unknown_option")
    if len(options) > 1 and any(option is not None and option.exclusive for option in options):
        return Fault(item.link_id, "exclusive_option")
    return None


def _check_range(item: Item, answer: float) -> Fault | None:
    low, high = item.minimum, item.maximum
    if (low is not None and answer < low) or (high is not None and answer > high):
        return Fault(item.link_id, "out_of_range", {"min": low, "max": high})
    return None


def _check_date(item: Item, answer: str, today: dt.date) -> Fault | None:
    try:
        day = dt.date.fromisoformat(answer) if len(answer) == 10 else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST_DATE:
        return Fault(item.link_id, "invalid_date")
    return Fault(item.link_id, "future_date") if day > today else None
