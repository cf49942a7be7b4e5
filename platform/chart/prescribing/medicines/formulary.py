"""The starter drug set as Python reads it: for seeding the database, and for recognising names in a chart."""

import re
from functools import cache

import msgspec

from chart.prescribing.medicines.forms import FORMS
from chart.prescribing.medicines.sig import Sig, parse_usual
from chart.prescribing.medicines.tables import read_table
from core.text.folding import without_accents

LOCAL_ROUTES = frozenset({"topical", "ophthalmic", "otic", "nasal", "vaginal", "inhalation", "transdermal"})
"""Routes by which so little reaches the blood that interactions by mouth do not apply."""


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A medicine that can be prescribed: one ingredient (or combination), strength and form.

    ``schedule``: '' or CII to CV. ``pack``: units of the form's ``dispensed`` in one pack, None where doses are
    counted. ``rxcui``: the clinical drug's RxNorm code (SCD), None where it could not be confirmed. ``ndc``: one
    package of it, 11 digits, or None.
    """

    id: str
    name: str
    brand: str
    ingredients: tuple[str, ...]
    strength: str
    form: str
    route: str
    schedule: str
    classes: frozenset[str]
    usual: tuple[Sig, ...]
    pack: float | None
    rxcui: str | None
    ndc: str | None

    @property
    def title(self) -> str:
        """'amoxicillin 500 mg capsule', as it is shown, signed and sent."""
        return f"{self.name} {self.strength} {FORMS[self.form].label.en}"


def _product(row: dict[str, str]) -> Product:
    form, route = row["form"], row["route"]
    return Product(
        id=row["id"],
        name=row["name"],
        brand=row["brand"],
        ingredients=tuple(row["ingredients"].split(";")),
        strength=row["strength"],
        form=form,
        route=route,
        schedule=row["schedule"],
        classes=frozenset(row["classes"].split()),
        usual=tuple(parse_usual(line, form, route) for line in row["sigs"].split("|")),
        pack=float(row["pack"]) if row["pack"] else None,
        rxcui=row["rxcui"] or None,
        ndc=row["ndc"] or None,
    )


def fold(text: str) -> str:
    """Lower case, without accents, words parted by single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+(?:\.[0-9]+)?", without_accents(text)))


def search_text(product: Product) -> str:
    """What words are looked up in; it begins with a space, so that every word begins after one."""
    label = FORMS[product.form].label
    words = " ".join((product.name, product.strength, label.en, product.brand, label.es))
    return f" {fold(words)}"


@cache
def products() -> tuple[Product, ...]:
    """Every product of the starter set. Raises ValueError if the data file is broken."""
    return tuple(_product(row) for row in read_table("drugs"))
