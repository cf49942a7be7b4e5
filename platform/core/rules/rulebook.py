"""A file of rules, each with a version and a source, and the decisions made by them.

The file keeps a digest of every version of each rule that was ever released. A rule that is changed without a new
version does not load, so the id and version that a decision stores always lead to one text of the rule.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from core.rules.conditions import Condition
from core.rules.evaluation import Facts, evidence
from core.rules.explanation import FactWords, because
from core.rules.text import Text

RuleId = Annotated[str, Meta(pattern="^[a-z0-9_]+$", max_length=80)]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has. `source` is the publication that it follows."""

    id: RuleId
    version: Annotated[int, Meta(ge=1)]
    source: Annotated[str, Meta(min_length=1)]
    when: Condition


class Decision(msgspec.Struct, frozen=True):
    """That a rule holds: which one, in which version, and why. This is what is stored."""

    rule: str
    version: int
    because: Text


R = TypeVar("R", bound=Rule)


class RuleFile(msgspec.Struct, Generic[R], frozen=True, forbid_unknown_fields=True):
    """A file of rules. `released` has a digest for each version of each rule, earlier ones included."""

    rules: tuple[R, ...]
    released: dict[str, dict[str, str]]


class RuleFileError(ValueError):
    """A file of rules that contradicts itself."""


def load(raw: bytes, file_type: type[RuleFile[R]]) -> tuple[R, ...]:
    """The rules of a file. Raises RuleFileError for an id that stands twice and for a change without a new version."""
    file = msgspec.json.decode(raw, type=file_type)
    seen: set[str] = set()
    for rule in file.rules:
        if rule.id in seen:
            raise RuleFileError(f"Rule {rule.id} stands twice.")
        seen.add(rule.id)
        _check_version(rule, file.released.get(rule.id, {}))
    return file.rules


def digest(rule: Rule) -> str:
    """What a version of a rule is told apart by: everything that the rule says, but its number."""
    said = msgspec.structs.replace(rule, version=1)
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:16]


def decide(rule: Rule, facts: Facts, words: FactWords) -> Decision | None:
    """The decision that a rule makes on the facts; None when it does not hold."""
    found = evidence(rule.when, facts)
    return None if found is None else Decision(rule.id, rule.version, because(found, words))


def _check_version(rule: Rule, released: dict[str, str]) -> None:
    newest = max(map(int, released), default=0)
    now = digest(rule)
    if rule.version == newest and released[str(newest)] == now:
        return
    number = newest if released.get(str(newest)) == now else newest + 1
    raise RuleFileError(
        f'Rule {rule.id} is new or has changed: give it "version": {number}, '
        f'and write "{number}": "{now}" among its entries in "released".'
    )
