"""Medicines and directions as the routes of prescribing give them."""

from collections.abc import Iterable
from typing import Any

import msgspec

from chart.prescribing.medicines.forms import DISPENSED, FORMS, SITES, UNITS, Noun, Words
from chart.prescribing.medicines.sig import Sig, problems, text
from chart.prescribing.medicines.sig_words import FREQUENCIES, NOTES, REASONS
from chart.prescribing.models import Drug


class SigOut(msgspec.Struct):
    dose: float
    unit: str
    frequency: str
    dose_max: float | None
    days: int | None
    prn: str | None
    site: str | None
    notes: list[str]
    extra: str

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "SigOut":
        sig = msgspec.convert(stored, Sig)
        return cls(**msgspec.structs.asdict(sig) | {"notes": list(sig.notes)})


class UsualSig(msgspec.Struct):
    """Directions to choose with one click, and how they read."""

    sig: SigOut
    text: dict[str, str]


class DrugOut(msgspec.Struct):
    """A medicine. ``label`` is its form in words by language; ``units`` is what its dose may be counted in;
    ``sites`` the keys of places for eyes and ears; ``counted`` whether the quantity follows from the directions.
    """

    id: str
    title: str
    name: str
    brand: str
    strength: str
    form: str
    label: dict[str, str]
    route: str
    schedule: str
    units: list[str]
    dispensed: str
    counted: bool
    sites: list[str]
    usual: list[UsualSig]
    rxcui: str | None

    @classmethod
    def of(cls, drug: Drug, first: dict[str, Any] | None = None) -> "DrugOut":
        """``first`` are directions to offer before the usual ones."""
        form = FORMS[drug.form]
        usual = [each for each in ([first] if first else []) + drug.usual]
        return cls(
            id=drug.id,
            title=drug.title,
            name=drug.name,
            brand=drug.brand,
            strength=drug.strength,
            form=drug.form,
            label={"en": form.label.en, "es": form.label.es},
            route=drug.route,
            schedule=drug.schedule,
            units=list(form.units),
            dispensed=form.dispensed,
            counted=form.counted,
            sites=list(SITES.get(drug.route, {})),
            usual=[UsualSig(SigOut.of(each), sig_texts(each, drug)) for each in usual],
            rxcui=drug.rxcui,
        )


def sig_texts(stored: dict[str, Any], drug: Drug, unread: Iterable[str] = ()) -> dict[str, str]:
    """Directions as they read, by language; empty where they are not known or no rule lets them stand (`problems`)."""
    sig = msgspec.convert(stored, Sig)
    if any(path.startswith("sig.") for path in unread) or problems(sig, drug.form, drug.route):
        return {"en": "", "es": ""}
    return {language: text(sig, drug.form, drug.route, language) for language in ("en", "es")}


class Choice(msgspec.Struct):
    """A key that a sig stores, and what it says by language."""

    key: str
    text: dict[str, str]


class SigWords(msgspec.Struct):
    """What directions are made of. ``units`` and ``dispensed`` say many of a kind."""

    units: list[Choice]
    dispensed: list[Choice]
    frequencies: list[Choice]
    reasons: list[Choice]
    notes: list[Choice]
    sites: dict[str, list[Choice]]


def sig_words() -> SigWords:
    """The whole vocabulary, in the order in which it is offered."""
    each = Noun(Words("each", "unidad"), Words("each", "unidades"))
    dispensed = {name: UNITS.get(name, each) for name in DISPENSED}
    return SigWords(
        units=[_choice(key, noun.many) for key, noun in UNITS.items()],
        dispensed=[_choice(key, noun.many) for key, noun in dispensed.items()],
        frequencies=[_choice(key, each.words) for key, each in FREQUENCIES.items()],
        reasons=[_choice(key, words) for key, words in REASONS.items()],
        notes=[_choice(key, words) for key, words in NOTES.items()],
        sites={route: [_choice(key, words) for key, words in of.items()] for route, of in SITES.items()},
    )


def _choice(key: str, words: Words) -> Choice:
    return Choice(key, {"en": words.en, "es": words.es})


class DrugList(msgspec.Struct):
    items: list[DrugOut]
