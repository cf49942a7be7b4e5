"""Questionnaires: FHIR R4 `Questionnaire` resources read into items, and the pure rules over answers.

Answers are a mapping from `linkId` to a plain value: `bool` for boolean, `int` for integer, `float` for
decimal, `str` for string, text, date (ISO 8601) and single choice (the option's code), `list[str]` for a
choice that repeats. The web has the same rules in TypeScript; `tests/intake/vectors.json` holds both to
one table of cases.

Rules taken from FHIR R4, Questionnaire:
- an item whose `enableWhen` is not met is not asked, nor are its children, and its answer does not count;
- `enableBehavior` says whether all or any of several conditions are needed;
- for a repeating question a condition is met when any of its answers meets it.

A hidden item may carry `urn:carethread:questionnaire:sum-of` extensions: its value is the sum of the
`ordinalValue`s chosen in the named questions. FHIR would say this in FHIRPath; a sum is all that PHQ-9 and
GAD-7 need, and it spares patients' phones a FHIRPath engine.

An item may say to whom it applies (`urn:carethread:questionnaire:applies-to`): `sex` (one or more codes of FHIR
AdministrativeGender), `min-years`, `max-years` and `max-days`, all ends included. `for_person` leaves out what
does not apply, with all that lies under it; a condition on a question that is left out is not met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from core.rules.text import Text
from intake.questionnaires.facts import Facts

Answer = bool | int | float | str | list[str]
Answers = Mapping[str, Answer]

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OPTION_EXCLUSIVE = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
APPLIES_TO = "urn:carethread:questionnaire:applies-to"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
SHORT_TEXT = "urn:carethread:questionnaire:short-text"
SUM_OF = "urn:carethread:questionnaire:sum-of"
NOTE_SECTION = "urn:carethread:questionnaire:note-section"

EARLIEST_DATE = dt.date(1900, 1, 1)


class Option(msgspec.Struct, frozen=True):
    """One choice. `score` is its ordinal value; `exclusive` means that it excludes all others."""

    system: str
    code: str
    text: Text
    score: int | None
    exclusive: bool


class Condition(msgspec.Struct, frozen=True):
    """One `enableWhen`."""

    question: str
    operator: str
    value: bool | int | str


class AppliesTo(msgspec.Struct, frozen=True):
    """Whom a question is for: any of these sexes (all, if none is named) and an age between these ends."""

    sexes: tuple[str, ...]
    min_years: int | None
    max_years: int | None
    max_days: int | None

    def covers(self, facts: Facts) -> bool:
        """Whether a patient is asked."""
        if self.sexes and facts.sex not in self.sexes:
            return False
        if self.min_years is not None and facts.years < self.min_years:
            return False
        if self.max_years is not None and facts.years > self.max_years:
            return False
        return self.max_days is None or facts.days <= self.max_days


class Item(msgspec.Struct, frozen=True):
    """One FHIR questionnaire item with what our extensions say of it."""

    link_id: str
    type: str
    text: Text
    short: Text
    required: bool
    repeats: bool
    hidden: bool
    max_length: int | None
    minimum: int | None
    maximum: int | None
    options: tuple[Option, ...]
    conditions: tuple[Condition, ...]
    all_conditions: bool
    sum_of: tuple[str, ...]
    note_section: str
    loinc: str | None
    applies_to: AppliesTo | None
    children: tuple[Item, ...]

    def option(self, code: str) -> Option | None:
        """The choice with this code, if there is one."""
        return next((option for option in self.options if option.code == code), None)


class Questionnaire(msgspec.Struct, frozen=True):
    """A questionnaire ready to be asked. `url` and `version` name the FHIR resource it came from."""

    code: str
    url: str
    version: str
    title: Text
    items: tuple[Item, ...]

    def walk(self) -> Iterator[Item]:
        """All items, parents before their children, in the order in which they are asked."""
        yield from _walk(self.items)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one answer: where (`linkId`), which (`code` of the message) and its numbers."""

    path: str
    code: str
    params: dict[str, Any] = {}


def parse(resource: Mapping[str, Any]) -> Questionnaire:
    """Read a FHIR R4 Questionnaire written with the elements and extensions that this module knows."""
    return Questionnaire(
        code=resource["id"],
        url=resource["url"],
        version=resource["version"],
        title=_text(resource, "title"),
        items=tuple(_item(item) for item in resource["item"]),
    )


def for_person(questionnaire: Questionnaire, facts: Facts) -> Questionnaire:
    """The questionnaire without the items that do not apply to this patient."""
    return msgspec.structs.replace(questionnaire, items=_applying(questionnaire.items, facts))


def _applying(items: tuple[Item, ...], facts: Facts) -> tuple[Item, ...]:
    return tuple(
        msgspec.structs.replace(item, children=_applying(item.children, facts))
        for item in items
        if item.applies_to is None or item.applies_to.covers(facts)
    )


def enabled(questionnaire: Questionnaire, answers: Answers) -> list[Item]:
    """The items that are asked given these answers, in order, groups and hidden items included."""
    return _Evaluation(questionnaire, answers).enabled()


def values(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """What counts: the answers of enabled items that are well formed, and the sums that can be made."""
    evaluation = _Evaluation(questionnaire, answers)
    found = ((item.link_id, evaluation.value(item.link_id)) for item in evaluation.enabled())
    return {link_id: value for link_id, value in found if value is not None}


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


def is_blank(value: Any) -> bool:
    """Whether a value counts as no answer at all."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


class _Evaluation:
    """Enabled items and values over one set of answers, each worked out once."""

    def __init__(self, questionnaire: Questionnaire, answers: Answers) -> None:
        self._questionnaire = questionnaire
        self._answers = answers
        self._items = {item.link_id: item for item in questionnaire.walk()}
        self._parents = {child.link_id: item for item in questionnaire.walk() for child in item.children}
        self._enabled: dict[str, bool] = {}

    def enabled(self) -> list[Item]:
        return [item for item in self._questionnaire.walk() if self.is_enabled(item.link_id)]

    def is_enabled(self, link_id: str) -> bool:
        if link_id not in self._items:
            return False
        if link_id not in self._enabled:
            self._enabled[link_id] = False  # a question that waits for itself is never asked
            self._enabled[link_id] = self._decide(self._items[link_id])
        return self._enabled[link_id]

    def value(self, link_id: str) -> Answer | None:
        if not self.is_enabled(link_id):
            return None
        item = self._items[link_id]
        if item.sum_of:
            return self._sum(item)
        answer = self._answers.get(link_id)
        return None if is_blank(answer) or not _well_typed(item, answer) else answer

    def _decide(self, item: Item) -> bool:
        parent = self._parents.get(item.link_id)
        if parent is not None and not self.is_enabled(parent.link_id):
            return False
        if not item.conditions:
            return True
        met = (self._met(condition) for condition in item.conditions)
        return all(met) if item.all_conditions else any(met)

    def _met(self, condition: Condition) -> bool:
        value = self.value(condition.question)
        if condition.operator == "exists":
            return (value is not None) is condition.value
        if value is None:
            return False
        given = value if isinstance(value, list) else [value]
        return any(compare(each, condition.operator, condition.value) for each in given)

    def _sum(self, item: Item) -> int | None:
        chosen = [(self._items[source], self.value(source)) for source in item.sum_of]
        scores = [_score(source, value) for source, value in chosen if isinstance(value, str)]
        return sum(scores) if scores else None


def compare(left: Any, operator: str, right: Any) -> bool:
    """`left operator right` for values of one kind; values of different kinds are never equal nor ordered."""
    if isinstance(left, bool) is not isinstance(right, bool) or isinstance(left, str) is not isinstance(
        right, str
    ):
        return operator == "!="
    match operator:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case ">":
            return bool(left > right)
        case ">=":
            return bool(left >= right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
    raise ValueError(f"unknown operator {operator}")


def _score(item: Item, code: str) -> int:
    option = item.option(code)
    return option.score if option is not None and option.score is not None else 0


def _check_item(item: Item, answer: Any, today: dt.date, complete: bool) -> Fault | None:
    if is_blank(answer):
        return Fault(item.link_id, "required") if item.required and complete else None
    if not _well_typed(item, answer):
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


def _well_typed(item: Item, answer: Any) -> bool:
    match item.type:
        case "boolean":
            return isinstance(answer, bool)
        case "integer":
            return isinstance(answer, int) and not isinstance(answer, bool)
        case "decimal":
            return isinstance(answer, int | float) and not isinstance(answer, bool)
        case "choice" if item.repeats:
            return isinstance(answer, list) and all(isinstance(code, str) for code in answer)
        case "choice" | "string" | "text" | "date":
            return isinstance(answer, str)
    return False


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


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.children)


def _item(source: Mapping[str, Any]) -> Item:
    text = _text(source, "text")
    return Item(
        link_id=source["linkId"],
        type=source["type"],
        text=text,
        short=_short(source) or text,
        required=source.get("required", False),
        repeats=source.get("repeats", False),
        hidden=_extension(source, HIDDEN, "valueBoolean", False),
        max_length=source.get("maxLength"),
        minimum=_extension(source, MIN_VALUE, "valueInteger", None),
        maximum=_extension(source, MAX_VALUE, "valueInteger", None),
        options=tuple(_option(option) for option in source.get("answerOption", ())),
        conditions=tuple(_condition(condition) for condition in source.get("enableWhen", ())),
        all_conditions=source.get("enableBehavior", "all") == "all",
        sum_of=tuple(ext["valueString"] for ext in source.get("extension", ()) if ext["url"] == SUM_OF),
        note_section=_extension(source, NOTE_SECTION, "valueCode", "hpi"),
        loinc=next((code["code"] for code in source.get("code", ())), None),
        applies_to=_applies_to(source),
        children=tuple(_item(child) for child in source.get("item", ())),
    )


def _applies_to(source: Mapping[str, Any]) -> AppliesTo | None:
    parts = _extension(source, APPLIES_TO, "extension", None)
    if parts is None:
        return None
    limits = {part["url"]: part["valueInteger"] for part in parts if "valueInteger" in part}
    return AppliesTo(
        sexes=tuple(part["valueCode"] for part in parts if part["url"] == "sex"),
        min_years=limits.get("min-years"),
        max_years=limits.get("max-years"),
        max_days=limits.get("max-days"),
    )


def _option(source: Mapping[str, Any]) -> Option:
    coding = source["valueCoding"]
    return Option(
        system=coding["system"],
        code=coding["code"],
        text=_text(coding, "display"),
        score=_extension(coding, ORDINAL_VALUE, "valueDecimal", None),
        exclusive=_extension(source, OPTION_EXCLUSIVE, "valueBoolean", False),
    )


def _condition(source: Mapping[str, Any]) -> Condition:
    value = next(source[key] for key in source if key.startswith("answer"))
    return Condition(
        source["question"], source["operator"], value["code"] if isinstance(value, dict) else value
    )


def _short(source: Mapping[str, Any]) -> Text | None:
    parts = _extension(source, SHORT_TEXT, "extension", None)
    return parts and Text(**{part["url"]: part["valueString"] for part in parts})


def _text(source: Mapping[str, Any], name: str) -> Text:
    """A FHIR string with its Spanish from the translation extension on the primitive (`_name`)."""
    english: str = source[name]
    for extension in source.get("_" + name, {}).get("extension", ()):
        if extension["url"] == TRANSLATION:
            parts = {part["url"]: part for part in extension["extension"]}
            if parts["lang"]["valueCode"] == "es":
                return Text(english, parts["content"]["valueString"])
    return Text(english, english)


def _extension(source: Mapping[str, Any], url: str, key: str, default: Any) -> Any:
    return next((ext[key] for ext in source.get("extension", ()) if ext["url"] == url), default)
