"""What differs between two versions of a resource, element by element, in words. Pure.

Nothing that differs is left out: what no word is known for is told by its path in FHIR.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from html import unescape
from typing import Any, NamedTuple

from chart.domain import ICD10, LOINC, RXNORM, Resource, Said, as_written, instant
from chart.record.history.words import CODES, ELEMENTS, NO, YES
from chart.record.registry import SPECS
from chart.record.sections.domain import Field

LONGEST = 2000
"""So many characters of a value are shown."""

Names = Mapping[str, Said]
"""What references are called: `Practitioner/<id>` by the person's name."""

Path = tuple[str | int, ...]

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d.*)?)?)?")
_TECHNICAL = frozenset({"meta", "text", "identifier", "implicitRules", "language", "contained"})
_SYSTEMS = {ICD10: "ICD-10-CM", LOINC: "LOINC", RXNORM: "RxNorm", "http://snomed.info/sct": "SNOMED CT"}


class Value(NamedTuple):
    """What an element said: a FHIR date, which readers see in their own way, or words."""

    words: Said
    is_date: bool = False


class Difference(NamedTuple):
    """One element of which the versions say another thing; None where one says nothing.

    `known` is whether the label has words for it; else it is the path. What is `technical` concerns machines first.
    """

    label: Said
    known: bool
    technical: bool
    before: Value | None
    after: Value | None


def differences(before: Resource | None, after: Resource, names: Names) -> list[Difference]:
    """What `after` says otherwise than `before`; all that it says where there is nothing before it."""
    told = _Told(after["resourceType"], names)
    found = told.between((), _content(before) if before else None, _content(after))
    return sorted(found, key=lambda each: each.technical)


def references(resource: Resource) -> Iterator[str]:
    """Everything that a resource refers to."""
    for key, value in resource.items():
        for each in value if isinstance(value, list) else [value]:
            if key == "reference" and isinstance(each, str):
                yield each
            elif isinstance(each, dict):
                yield from references(each)


def _content(resource: Resource) -> Resource:
    """Without what the store says of every version: its number, its time, whose it is."""
    who = SPECS[resource["resourceType"]].patient
    content = {key: value for key, value in resource.items() if key not in ("resourceType", "id")}
    content["meta"] = _but(resource.get("meta") or {}, "versionId", "lastUpdated")
    if who in content:
        content[who] = _but(content[who], "reference")
    return content


class _Told:
    """Tells differences of resources of one type."""

    def __init__(self, kind: str, names: Names) -> None:
        self.spec = SPECS[kind]
        self.names = names
        fields = self.spec.section.fields if self.spec.section else ()
        self.fields = {each.at.element: each for each in fields}

    def between(self, path: Path, old: Any, new: Any) -> Iterator[Difference]:
        if same(old, new):
            return
        if isinstance(old, list) or isinstance(new, list):
            yield from self._lists(path, _as_list(old), _as_list(new))
        elif isinstance(old, dict) or isinstance(new, dict):
            yield from self._parts(path, old, new)
        else:
            yield self._one(path, self._value(path, old), self._value(path, new))

    def _lists(self, path: Path, old: list[Any], new: list[Any]) -> Iterator[Difference]:
        """What stands at both ends in both lists is the same; between them, place by place."""
        start = 0
        while start < min(len(old), len(new)) and same(old[start], new[start]):
            start += 1
        end = 0
        while end < min(len(old), len(new)) - start and same(old[-1 - end], new[-1 - end]):
            end += 1
        olds, news = old[start : len(old) - end], new[start : len(new) - end]
        for at in range(max(len(olds), len(news))):
            yield from self.between(
                (*path, start + at), *(each[at] if at < len(each) else None for each in (olds, news))
            )

    def _parts(self, path: Path, old: Any, new: Any) -> Iterator[Difference]:
        before, after = self._value(path, old), self._value(path, new)
        if before != after:
            yield self._one(path, before, after)
            alone = before is None or after is None
            old, new = (self._unsaid(each, alone) for each in (old, new))
        was, becomes = (each if isinstance(each, dict) else {} for each in (old, new))
        for key in dict.fromkeys([*was, *becomes]):
            yield from self.between((*path, key), was.get(key), becomes.get(key))

    def _one(self, path: Path, before: Value | None, after: Value | None) -> Difference:
        field = self._field(path)
        label = field.label if field else label_of(path)
        technical = label is None or path[0] in _TECHNICAL
        return Difference(label or as_written(_spelled(path)), label is not None, technical, before, after)

    def _value(self, path: Path, value: Any) -> Value | None:
        """The value in words; None for nothing, and for what is told part by part."""
        field = self._field(path)
        choices = field.choices if field else {}
        if isinstance(value, dict):
            codes = [str(each.get("code")) for each in value.get("coding") or []]
            chosen = (choices[each] for each in codes if each in choices)
            words = next(chosen, None) or self._whole(value)
            return None if words is None else Value(words)
        if value is None:
            return None
        if isinstance(value, bool):
            return Value(YES if value else NO)
        text = str(value)
        if isinstance(value, str) and _DATE.fullmatch(text) and instant(text):
            return Value(as_written(text), is_date=True)
        if ".".join(_keys(path)) in self.spec.codes:
            return Value(choices.get(text) or CODES.get(text) or as_written(text))
        if path[-1] == "div":
            text = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())
        return Value(as_written(text if len(text) <= LONGEST else f"{text[:LONGEST]}…"))

    def _field(self, path: Path) -> Field | None:
        """The field of the form that is at this element, whose words are those of the screens."""
        return self.fields.get(".".join(_keys(path)))

    def _whole(self, value: Resource) -> Said | None:
        """What is said in one breath: a concept, a coding, a quantity, a reference."""
        if _is_concept(value):
            return _concept(value)
        if _is_reference(value):
            target = value.get("reference") or ""
            return self.names.get(target) or as_written(value.get("display") or target)
        if isinstance(value.get("code"), str) and _only(value, *_CODING):
            return _concept({"coding": [value]})
        if _is_quantity(value):
            unit = value.get("unit") or value.get("code") or ""
            return as_written(f"{value.get('comparator', '')}{value['value']} {unit}".strip())
        return None

    def _unsaid(self, value: Any, alone: bool) -> Any:
        """What the words leave out, to be told apart; of what stands alone, its systems are left out too."""
        if not isinstance(value, dict) or self._whole(value) is None:
            return value
        if _is_concept(value):
            codings = [_but(each, "system", "code", "display") for each in value.get("coding") or []]
            return {**_but(value, "text"), "coding": codings}
        if _is_reference(value):
            named = value.get("reference") in self.names or not value.get("display")
            return _but(value, "reference" if named else "display", *(["reference", "type"] if alone else []))
        said = "unit" if value.get("unit") else "code"
        return _but(value, "value", "comparator", said, *(["system", "code", "display"] if alone else []))


_CODING = ("system", "version", "code", "display", "userSelected")


def _is_concept(value: Resource) -> bool:
    return isinstance(value.get("coding"), list) or (
        isinstance(value.get("text"), str) and _only(value, "text")
    )


def _is_reference(value: Resource) -> bool:
    """Not the parts of a resource that are called as a reference's are, such as a plan's activity."""
    if "reference" in value:
        return isinstance(value["reference"], str)
    return isinstance(value.get("display"), str) and _only(value, "display", "type")


def _is_quantity(value: Resource) -> bool:
    number = value.get("value")
    return isinstance(number, int | Decimal) and not isinstance(number, bool)


def label_of(path: Path) -> Said | None:
    """What the element is called; None where a part of its path has no words."""
    found: list[Said] = []
    for each in path:
        if isinstance(each, int):
            found[-1] = Said(*(f"{words} {each + 1}" for words in found[-1])) if each else found[-1]
        elif (words := ELEMENTS.get(each)) is None:
            return None
        elif words.en:
            found.append(words)
    return Said(*(" · ".join(each) for each in zip(*found, strict=True))) if found else None


def same(old: Any, new: Any) -> bool:
    """Whether two values are the same to the last digit: 1.10 is not 1.1."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return type(old) is type(new) and str(old) == str(new)


def _concept(value: Resource) -> Said:
    """The name of a concept, and each code in its system; of FHIR's own codes the words alone."""
    codings = [each for each in value.get("coding") or [] if isinstance(each, dict)]
    own = next((CODES[each["code"]] for each in codings if _is_own(each)), None)
    if own is not None and len(codings) == 1:
        return own
    name = value.get("text") or next((each["display"] for each in codings if each.get("display")), "")
    codes = [" ".join(_code_words(each, name)) for each in codings]
    listed = ", ".join(each for each in codes if each)
    return as_written(f"{name} ({listed})" if name and listed else name or listed)


def _is_own(coding: Resource) -> bool:
    return coding.get("code") in CODES and str(coding.get("system")).startswith(
        ("http://terminology.hl7.org/", "http://hl7.org/fhir/")
    )


def _code_words(coding: Resource, name: str) -> Iterator[str]:
    if system := coding.get("system"):
        yield _SYSTEMS.get(system) or str(system).rstrip("/").rpartition("/")[2]
    if coding.get("code"):
        yield coding["code"]
    if coding.get("display") and coding["display"] != name:
        yield coding["display"]


def _spelled(path: Path) -> str:
    """A path as FHIR writes it: `extension[1].valueString`."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path).removeprefix(".")


def _keys(path: Iterable[str | int]) -> Iterator[str]:
    return (each for each in path if isinstance(each, str))


def _only(value: Resource, *names: str) -> bool:
    """Whether it has one of these, and nothing else but what any element may have."""
    keys = value.keys() - {"id", "extension"}
    return bool(keys) and keys <= set(names)


def _but(value: Resource, *names: str) -> Resource:
    return {key: each for key, each in value.items() if key not in names}


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
