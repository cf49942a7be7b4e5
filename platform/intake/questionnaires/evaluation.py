"""Which items are asked, given the answers, and which answers count. Pure.

Rules taken from FHIR R4, Questionnaire:
- an item whose `enableWhen` is not met is not asked, nor are its children, and its answer does not count;
- `enableBehavior` says whether all or any of several conditions are needed;
- for a repeating question a condition is met when any of its answers meets it.
"""

from __future__ import annotations

from typing import Any

from intake.questionnaires.questionnaire import Answer, Answers, Condition, Item, Questionnaire


def enabled(questionnaire: Questionnaire, answers: Answers) -> list[Item]:
    """The items that are asked given these answers, in order, groups and hidden items included."""
    return _Evaluation(questionnaire, answers).enabled()


def values(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """What counts: the answers of enabled items that are well formed, and the sums that can be made."""
    evaluation = _Evaluation(questionnaire, answers)
    found = ((item.link_id, evaluation.value(item.link_id)) for item in evaluation.enabled())
    return {link_id: value for link_id, value in found if value is not None}


def is_blank(value: Any) -> bool:
    """Whether a value counts as no answer at all."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def well_typed(item: Item, answer: Any) -> bool:
    """Whether an answer has the type that its question asks for."""
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
        return None if is_blank(answer) or not well_typed(item, answer) else answer

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
