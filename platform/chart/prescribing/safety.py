"""What speaks against a prescription: allergies, interactions, the same thing twice, too much of it.

The tables are ours, reviewed, each row with its source, and not complete: the screens say so. A high alert has to be
answered with a reason before the prescription can be signed; the others are shown.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import TypeVar

import msgspec

from chart.prescribing.forms import Words
from chart.prescribing.formulary import LOCAL_ROUTES
from chart.prescribing.knowledge.reading import Reaction
from chart.prescribing.knowledge.terms import CLASS, Terms
from chart.prescribing.tables import read_table


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
    ``frequency`` of a sig. ``ended_on``: it is not taken any more since then, and still acts.
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


def _pair_alerts(new: Medicine, current: Sequence[Medicine]) -> Iterable[Alert]:
    """At most one per other medicine: the same thing twice, else the gravest interaction, of equals the first."""
    touching = () if new.local else _touching(new.terms)
    for other in current:
        if other.ended_on is None and (duplicate := _duplicate(new, other)):
            yield duplicate
            continue
        hits = () if other.local else (rule for rule, partner in touching if _is(other.terms, partner))
        if rule := min(hits, key=lambda each: _ORDER[each.severity], default=None):
            yield _alert(Kind.INTERACTION, rule, other)


def _touching(terms: Terms) -> list[tuple[_Rule, str]]:
    """The rules that name this medicine, each with what the other medicine would have to be."""
    pairs = ((rule, side) for rule in _interactions() for side in ((rule.a, rule.b), (rule.b, rule.a)))
    return [(rule, partner) for rule, (own, partner) in pairs if _is(terms, own)]


def _alert(kind: Kind, rule: _Rule, other: Medicine | Allergy) -> Alert:
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


DUPLICATECLASSES: dict[str, Words] = {
    "nsaid": Words("Two NSAIDs", "Dos AINE"),
    "ssri": Words("Two SSRIs", "Dos ISRS"),
    "statin": Words("Two statins", "Dos estatinas"),
    "ace_inhibitor": Words("Two ACE inhibitors", "Dos IECA"),
    "arb": Words("Two ARBs", "Dos ARA-II"),
    "beta_blocker": Words("Two beta blockers", "Dos betabloqueadores"),
    "dihydropyridine": Words("Two calcium channel blockers", "Dos bloqueadores de calcio"),
    "thiazide": Words("Two thiazides", "Dos tiazidas"),
    "ppi": Words("Two proton pump inhibitors", "Dos inhibidores de la bomba de protones"),
    "benzodiazepine": Words("Two benzodiazepines", "Dos benzodiazepinas"),
    "opioid": Words("Two opioids", "Dos opioides"),
    "triptan": Words("Two triptans", "Dos triptanes"),
    "sulfonylurea": Words("Two sulfonylureas", "Dos sulfonilureas"),
    "muscle_relaxant": Words("Two muscle relaxants", "Dos relajantes musculares"),
    "corticosteroid": Words("Two corticosteroids", "Dos corticoides"),
    "pde5_inhibitor": Words("Two medicines of the sildenafil kind", "Dos medicamentos como sildenafilo"),
    "doac": Words("Two anticoagulants", "Dos anticoagulantes"),
    "antihistamine": Words("Two antihistamines", "Dos antihistamínicos"),
}
"""Classes of which one medicine at a time is meant, with what the alert says first."""

_DUPLICATE_ACTION = Words(
    "Decide which one stays; tell the patient to stop the other.",
    "Decida cuál se queda; indique suspender el otro.",
)


def _duplicate(new: Medicine, other: Medicine) -> Alert | None:
    """The same ingredient, or a second medicine of a class where one is enough."""
    if new.local != other.local:
        return None
    if shared := sorted(new.terms.ingredients & other.terms.ingredients):
        effect = Words(f"Already takes {shared[0]}.", f"Ya toma {shared[0]}.")
        severity, name = Severity.MODERATE, shared[0]
        if shared[0] == "acetaminophen":
            effect = Words(
                "Two medicines with acetaminophen: the liver.", "Dos con acetaminofén: daño al hígado."
            )
    else:
        both = new.terms.classes & other.terms.classes
        name = next((each for each in DUPLICATECLASSES if each in both), "")
        if not name:
            return None
        words = DUPLICATECLASSES[name]
        effect, severity = Words(f"{words.en} together.", f"{words.es} a la vez."), Severity.MODERATE
        if name in {"nsaid", "opioid", "benzodiazepine", "doac"}:
            severity = Severity.HIGH
    return Alert(
        key=f"{Kind.DUPLICATE}:{name}:{other.id}",
        kind=Kind.DUPLICATE,
        rule=name,
        severity=severity,
        other=other.label,
        effect=_by_language(effect),
        action=_by_language(_DUPLICATE_ACTION),
        source="our list of classes where one medicine is enough",
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
