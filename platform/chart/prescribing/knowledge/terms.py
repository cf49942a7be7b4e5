"""Medicines as the check compares them: ingredients without their salts, and the classes they belong to."""

from dataclasses import dataclass
from functools import cache

from chart.prescribing.medicines.formulary import LOCAL_ROUTES, fold, products
from chart.prescribing.medicines.tables import read_table

CLASS = "class:"
_REVIEWED = "-"
"""The class of what was looked at and found to concern no table of ours."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was recognized: ingredients, and classes (theirs, and those named as such)."""

    ingredients: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ingredients or self.classes)

    def __or__(self, other: "Terms") -> "Terms":
        return Terms(self.ingredients | other.ingredients, self.classes | other.classes)


NO_TERMS = Terms()


@cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Names of RxNorm and FDA, and the ingredients that each stands for."""
    return {row["name"]: tuple(row["ingredients"].split(";")) for row in read_table("vocabulary")}


@cache
def base(ingredient: str) -> str:
    """The ingredient without its salt: 'metoprolol' of 'metoprolol tartrate'. What is not known stays as it is."""
    found = vocabulary().get(fold(ingredient), ())
    return found[0] if len(found) == 1 else fold(ingredient)


@cache
def classes_by_ingredient() -> dict[str, frozenset[str]]:
    """The classes of each ingredient: by the table of classes, and by the products of ours that hold it.

    Of our products count those with this ingredient alone, or any where none is alone: a combination's classes are
    those of its parts together. Products for the skin, the eye and the like say nothing about a medicine by mouth.
    """
    alone: dict[str, frozenset[str]] = {}
    combined: dict[str, frozenset[str]] = {}
    local: dict[str, frozenset[str]] = {}
    for product in products():
        bases = {base(ingredient) for ingredient in product.ingredients}
        target = local if product.route in LOCAL_ROUTES else alone if len(bases) == 1 else combined
        for ingredient in bases:
            target[ingredient] = target.get(ingredient, frozenset()) | product.classes
    listed = _listed_classes()
    known = local | combined | listed | alone
    return {name: classes | listed.get(name, frozenset()) for name, classes in known.items()}


def _listed_classes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in read_table("classes"):
        own = frozenset() if row["class"] == _REVIEWED else frozenset({row["class"]})
        for ingredient in row["ingredients"].split(";"):
            found[ingredient] = found.get(ingredient, frozenset()) | own
    return found


def of_ingredients(ingredients: frozenset[str]) -> Terms:
    """The terms of known ingredients, with or without salts: themselves and the classes they belong to."""
    bases = frozenset(base(name) for name in ingredients)
    known = classes_by_ingredient()
    return Terms(bases, frozenset[str]().union(*(known.get(name, frozenset()) for name in bases)))


def of_terms(terms: str) -> Terms:
    """'acetaminophen;codeine' or 'class:opioid', as the tables write it."""
    parts = terms.split(";")
    classes = frozenset(part.removeprefix(CLASS) for part in parts if part.startswith(CLASS))
    found = of_ingredients(frozenset(part for part in parts if not part.startswith(CLASS)))
    return Terms(found.ingredients, found.classes | classes)


def not_in_tables(terms: Terms) -> frozenset[str]:
    """The ingredients of which no table of ours says anything: a check against them finds nothing, whatever is so."""
    return frozenset(name for name in terms.ingredients if name not in classes_by_ingredient())


@cache
def _washouts() -> dict[str, int]:
    return {row["medicine"]: int(row["days"]) for row in read_table("washout")}


def washout_days(terms: Terms) -> int:
    """For how many days the medicine still acts after its last dose; an ingredient's row comes before its classes'."""
    days = _washouts()
    own = [days[name] for name in terms.ingredients if name in days]
    return max(own or [days.get(f"{CLASS}{name}", 0) for name in terms.classes], default=0)
