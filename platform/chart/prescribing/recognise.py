"""Finds medicines in what people wrote: a chart's medicine list or an allergy, in English, Spanish or by brand.

It looks for names only. A text in which nothing is recognised takes no part in the safety check, and the check says so.
"""

from dataclasses import dataclass
from functools import cache

from chart.prescribing.formulary import classes_by_ingredient, fold, products
from chart.prescribing.tables import read_table

_CLASS = "class:"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was recognised: ingredients, and classes (theirs, and those named as such)."""

    ingredients: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ingredients or self.classes)

    def __or__(self, other: "Terms") -> "Terms":
        return Terms(self.ingredients | other.ingredients, self.classes | other.classes)


def of_ingredients(ingredients: frozenset[str]) -> Terms:
    """The terms of known ingredients: themselves and the classes they belong to."""
    known = classes_by_ingredient()
    classes = frozenset[str]().union(*(known.get(name, frozenset()) for name in ingredients))
    return Terms(ingredients, classes)


@cache
def _dictionary() -> dict[str, Terms]:
    """Every name by which something is known: ingredients with and without their salt, brands, everyday words."""
    found: dict[str, Terms] = {}
    for product in products():
        whole = of_ingredients(frozenset(product.ingredients))
        if product.brand and product.route not in {"topical", "ophthalmic", "otic"}:
            found.setdefault(fold(product.brand), whole)
        for ingredient in product.ingredients:
            found.setdefault(fold(ingredient), of_ingredients(frozenset({ingredient})))
        found.setdefault(fold(product.name), whole)
    for row in read_table("words"):
        term = row["term"]
        if term.startswith(_CLASS):
            terms = Terms(classes=frozenset({term.removeprefix(_CLASS)}))
        else:
            terms = of_ingredients(frozenset({term}))
        found.setdefault(fold(row["word"]), terms)
    return found


@cache
def _longest() -> int:
    return max(len(name.split()) for name in _dictionary())


def recognise(text: str) -> Terms:
    """Every medicine and class named in the text; the longest name wins where names overlap."""
    words = fold(text).split()[:60]
    dictionary, longest = _dictionary(), _longest()
    terms, start = Terms(), 0
    while start < len(words):
        for length in range(min(longest, len(words) - start), 0, -1):
            hit = dictionary.get(" ".join(words[start : start + length]))
            if hit:
                terms, start = terms | hit, start + length
                break
        else:
            start += 1
    return terms
