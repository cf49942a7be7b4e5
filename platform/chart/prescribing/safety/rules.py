"""What speaks against a prescription: allergies, interactions, the same thing twice, too much of it.

The tables are ours, reviewed, each row with its source, and not complete: the screens say so. A high alert has to be
answered with a reason before the prescription can be signed; the others are shown.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain
from typing import TypeVar

import msgspec

from chart.prescribing.knowledge.reading import Reaction
from chart.prescribing.knowledge.terms import CLASS, Terms, of_ingredients
from chart.prescribing.medicines.forms import Words
from chart.prescribing.medicines.formulary import LOCAL_ROUTES
from chart.prescribing.medicines.tables import read_table


class Severity(StrEnum):
    """How loud an alert is."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


_ORDER = {Severity.HIGH: 0, Severity.MODERATE: 1, Severity.LOW: 2}


class Kind(StrEnum):
    """What an alert is about."""

    ALLERGY = "allergy"
    INTERACTION = "interaction"
    DUPLICATE = "duplicate"
    DOSE = "dose"


class Medicine(msgspec.Struct, frozen=True, kw_only=True):
    """A medicine as the check sees it. ``id`` tells it from others; ``daily_mg`` by ingredient, where it is known;
    ``frequency`` of a sig; ``route`` is empty where nobody said it. ``ended_on``: it is not
    taken any more since then, and still acts.
    """

    id: str
    label: str
    terms: Terms
    route: str = "oral"
    daily_mg: dict[str, float] = {}
    frequency: str = ""
    ended_on: date | None = None

    @property
    def local(self) -> bool:
        return self.route in LOCAL_ROUTES


class Allergy(msgspec.Struct, frozen=True, kw_only=True):
    """An allergy of the chart: its words, what was recognized in them, and whether it was an allergy at all."""

    id: str
    label: str
    terms: Terms
    reaction: Reaction = Reaction.UNSAID

    @property
    def intolerance(self) -> bool:
        return self.reaction is Reaction.INTOLERANCE


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One warning.

    ``key`` names it within a prescription, so that a reason can be given to it, ``rule`` across all patients;
    ``other`` is the medicine or allergy it is about, which ``ended_on`` that day if it is a medicine that still acts;
    ``effect`` and ``action`` say what may happen and what to do, by language.
    """

    key: str
    kind: Kind
    rule: str
    severity: Severity
    other: str
    effect: dict[str, str]
    action: dict[str, str]
    source: str
    ended_on: date | None = None


class _Rule(msgspec.Struct, frozen=True):
    id: str
    a: str
    b: str
    severity: Severity
    effect: Words
    action: Words
    source: str


class _OneIsEnough(msgspec.Struct, frozen=True):
    """Classes of which a patient takes one medicine at a time."""

    id: str
    classes: frozenset[str]
    severity: Severity
    effect: Words
    action: Words
    source: str

    def met_by(self, one: Terms, other: Terms) -> bool:
        return bool(self.classes & one.classes and self.classes & other.classes)


def _by_language(words: Words) -> dict[str, str]:
    return {"en": words.en, "es": words.es}


@cache
def _interactions() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            row["id"],
            row["a"],
            row["b"],
            Severity(row["severity"]),
            Words(row["effect_en"], row["effect_es"]),
            Words(row["action_en"], row["action_es"]),
            row["source"],
        )
        for row in read_table("interactions")
    )


@cache
def _one_is_enough() -> tuple[_OneIsEnough, ...]:
    return tuple(
        _OneIsEnough(
            row["id"],
            frozenset(row["classes"].split(";")),
            Severity(row["severity"]),
            Words(row["effect_en"], row["effect_es"]),
            Words(row["action_en"], row["action_es"]),
            row["source"],
        )
        for row in read_table("duplicates")
    )


_REVIEW = Words(
    "Ask what happened and when. Choose another medicine unless the reaction was not an allergy.",
    "Pregunte qué ocurrió y cuándo. Elija otro medicamento salvo que no fuera una alergia.",
)


@cache
def _cross_reactions(intolerance: bool) -> tuple[_Rule, ...]:
    """What an allergy says of other medicines; of an intolerance only what is an effect of the whole class."""
    column = "intolerance" if intolerance else "severity"
    return tuple(
        _Rule(
            f"{row['allergy']}>{row['medicine']}",
            row["allergy"],
            row["medicine"],
            Severity(row[column]),
            Words(row["effect_en"], row["effect_es"]),
            _REVIEW,
            row["source"],
        )
        for row in read_table("allergies")
        if row[column] != "none"
    )


@cache
def _dose_limits() -> dict[str, tuple[float, str]]:
    return {
        row["ingredient"]: (float(row["max_mg_per_day"]), row["source"]) for row in read_table("dose_limits")
    }


def _is(terms: Terms, name: str) -> bool:
    if name.startswith(CLASS):
        return name.removeprefix(CLASS) in terms.classes
    return name in terms.ingredients


def check(new: Medicine, current: Sequence[Medicine], allergies: Sequence[Allergy]) -> list[Alert]:
    """Everything that speaks against ``new``, the gravest first. Fast enough to run as one types."""
    alerts: Iterable[Alert] = chain(
        _allergy_alerts(new, _once(allergies)),
        _pair_alerts(new, _once(current)),
        _dose_alerts(new),
    )
    distinct = {alert.key: alert for alert in alerts}
    return sorted(distinct.values(), key=lambda alert: _ORDER[alert.severity])


_Entry = TypeVar("_Entry", Medicine, Allergy)


def _once(entries: Sequence[_Entry]) -> list[_Entry]:
    """The same thing entered several times is one, the first, under all its names."""
    found: dict[object, _Entry] = {}
    for entry in entries:
        alike = _likeness(entry)
        first = found.get(alike)
        if first is None:
            found[alike] = entry
        elif entry.label not in first.label.split("; "):
            found[alike] = msgspec.structs.replace(first, label=f"{first.label}; {entry.label}")
    return list(found.values())


def _likeness(entry: Medicine | Allergy) -> object:
    if not entry.terms:
        return entry.id
    if isinstance(entry, Allergy):
        return entry.terms, entry.intolerance
    return entry.terms.ingredients or entry.terms, entry.local, entry.ended_on


def _allergy_alerts(new: Medicine, allergies: Sequence[Allergy]) -> Iterable[Alert]:
    for allergy in allergies:
        if shared := sorted(new.terms.ingredients & allergy.terms.ingredients):
            yield _same_ingredient(new, allergy, shared[0])
            continue
        rules = _cross_reactions(allergy.intolerance)
        hits = (rule for rule in rules if _is(allergy.terms, rule.a) and _is(new.terms, rule.b))
        if rule := min(hits, key=lambda each: _ORDER[each.severity], default=None):
            yield _alert(Kind.ALLERGY, rule, allergy)


def _same_ingredient(new: Medicine, allergy: Allergy, ingredient: str) -> Alert:
    effect = {
        "en": f"The chart says this patient is allergic to {ingredient}.",
        "es": f"Según el historial, esta persona es alérgica a {ingredient}.",
    }
    if allergy.intolerance:
        effect = {
            "en": f"The chart says this patient does not tolerate {ingredient}.",
            "es": f"Según el historial, esta persona no tolera {ingredient}.",
        }
    return Alert(
        key=f"{Kind.ALLERGY}:{ingredient}:{allergy.id}",
        rule=ingredient,
        kind=Kind.ALLERGY,
        severity=Severity.HIGH,
        other=allergy.label,
        effect=effect,
        action=_by_language(_REVIEW),
        source="the patient's chart",
    )


_Pair = tuple[Terms, Terms]


def _pair_alerts(new: Medicine, current: Sequence[Medicine]) -> Iterable[Alert]:
    """At most one per other medicine, the gravest; of equals the same thing twice before an interaction."""
    for other in current:
        apart = _apart(new.terms, other.terms)
        hits = chain(_duplicates(new, other, apart), _interactions_of(new, other, apart))
        if alert := min(hits, key=lambda each: _ORDER[each.severity], default=None):
            yield alert


def _apart(new: Terms, other: Terms) -> list[_Pair]:
    """The two as they are compared: an ingredient that both hold does not count against itself."""
    shared = new.ingredients & other.ingredients
    if not shared:
        return [(new, other)]
    return [
        (of_ingredients(new.ingredients - shared), other),
        (new, of_ingredients(other.ingredients - shared)),
    ]


def _interactions_of(new: Medicine, other: Medicine, apart: Sequence[_Pair]) -> Iterable[Alert]:
    if new.local or other.local:
        return
    for own, its in apart:
        for rule in _touching(own):
            if any(_is(own, one) and _is(its, two) for one, two in ((rule.a, rule.b), (rule.b, rule.a))):
                yield _alert(Kind.INTERACTION, rule, other)


@lru_cache(maxsize=1000)
def _touching(terms: Terms) -> list[_Rule]:
    """The rules that name this medicine."""
    return [rule for rule in _interactions() if _is(terms, rule.a) or _is(terms, rule.b)]


def _alert(kind: Kind, rule: "_Rule | _OneIsEnough", other: Medicine | Allergy) -> Alert:
    return Alert(
        key=f"{kind}:{rule.id}:{other.id}",
        kind=kind,
        rule=rule.id,
        severity=rule.severity,
        other=other.label,
        effect=_by_language(rule.effect),
        action=_by_language(rule.action),
        source=rule.source,
        ended_on=other.ended_on if isinstance(other, Medicine) else None,
    )


_DUPLICATE_ACTION = Words(
    "Decide which one stays; tell the patient to stop the other.",
    "Decida cuál se queda; indique suspender el otro.",
)


def _duplicates(new: Medicine, other: Medicine, apart: Sequence[_Pair]) -> Iterable[Alert]:
    """The same ingredient, and a second medicine of a class where one is enough.

    Two that act at one place only are compared where the place is the same; of an entry without a route nobody knows
    whether it is such a one, so only its ingredients are.
    """
    if other.ended_on is not None or (new.local != other.local and "" not in (new.route, other.route)):
        return
    if shared := sorted(new.terms.ingredients & other.terms.ingredients):
        yield _same_again(shared[0], other)
    if new.local == other.local and (not new.local or new.route == other.route):
        for rule in _one_is_enough():
            if any(rule.met_by(*pair) for pair in apart):
                yield _alert(Kind.DUPLICATE, rule, other)


def _same_again(ingredient: str, other: Medicine) -> Alert:
    effect = Words(f"Already takes {ingredient}.", f"Ya toma {ingredient}.")
    if ingredient == "acetaminophen":
        effect = Words(
            "Two medicines with acetaminophen: the liver.", "Dos con acetaminofén: daño al hígado."
        )
    return Alert(
        key=f"{Kind.DUPLICATE}:{ingredient}:{other.id}",
        kind=Kind.DUPLICATE,
        rule=ingredient,
        severity=Severity.MODERATE,
        other=other.label,
        effect=_by_language(effect),
        action=_by_language(_DUPLICATE_ACTION),
        source="our rule: one medicine of an ingredient",
    )


def _dose_alerts(new: Medicine) -> Iterable[Alert]:
    limits = _dose_limits()
    for ingredient, mg in new.daily_mg.items():
        most, source = limits.get(ingredient, (float("inf"), ""))
        if mg > most + 1e-6:
            yield Alert(
                key=f"{Kind.DOSE}:{ingredient}",
                kind=Kind.DOSE,
                rule=ingredient,
                severity=Severity.HIGH,
                other=new.label,
                effect={
                    "en": f"{mg:g} mg of {ingredient} a day; the label allows an adult {most:g} mg.",
                    "es": f"{mg:g} mg de {ingredient} al día; el prospecto permite {most:g} mg a un adulto.",
                },
                action={"en": "Check dose and frequency.", "es": "Revise la dosis y la frecuencia."},
                source=source,
            )
    if "methotrexate" in new.terms.ingredients and new.frequency not in {"", "weekly", "once"}:
        yield Alert(
            key=f"{Kind.DOSE}:methotrexate_daily",
            kind=Kind.DOSE,
            rule="methotrexate_daily",
            severity=Severity.HIGH,
            other=new.label,
            effect={
                "en": "Methotrexate more often than once a week: fatal mistakes are known.",
                "es": "Metotrexato más de una vez por semana: hay errores mortales descritos.",
            },
            action={"en": "Change to once a week.", "es": "Cambie a una vez por semana."},
            source="ISMP targeted best practice 2; label: Trexall boxed warning",
        )
