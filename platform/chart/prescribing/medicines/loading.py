"""Fills the table of medicines from the reviewed file beside this module."""

import asyncpg

from chart.prescribing.medicines.fingerprint import fingerprint
from chart.prescribing.medicines.formulary import Product, products, search_text
from core import json
from core.database.reference import ReferenceSet

_COLUMNS = (
    "id", "title", "name", "brand", "ingredients", "strength", "form", "route", "schedule", "classes", "usual", "pack",
    "rxcui", "ndc", "rank", "search",
)  # fmt: skip
# A medicine that was prescribed stays, so what is no longer in the file is only not offered any more.
_WITHDRAW = "UPDATE drug SET offered = false WHERE offered AND id <> ALL($1)"
_UPSERT = f"""
    INSERT INTO drug ({", ".join(_COLUMNS)}, offered)
    SELECT {", ".join(_COLUMNS)}, true
    FROM jsonb_populate_recordset(NULL::drug, $1::jsonb)
    ON CONFLICT (id) DO UPDATE SET offered = true, {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])}
"""  # noqa: S608  columns of our own


async def load(driver: asyncpg.Connection) -> None:
    """Add and change medicines as the file has them, and offer no others."""
    rows = [_row(product, rank) for rank, product in enumerate(products())]
    await driver.execute(_WITHDRAW, [row["id"] for row in rows])
    await driver.execute(_UPSERT, json.encode_text(rows))


def _row(product: Product, rank: int) -> dict[str, object]:
    return {
        "id": product.id,
        "title": product.title,
        "name": product.name,
        "brand": product.brand,
        "ingredients": product.ingredients,
        "strength": product.strength,
        "form": product.form,
        "route": product.route,
        "schedule": product.schedule,
        "classes": sorted(product.classes),
        "usual": product.usual,
        "pack": product.pack,
        "rxcui": product.rxcui,
        "ndc": product.ndc,
        "rank": rank,
        "search": search_text(product),
    }


DRUGS = ReferenceSet("drugs", fingerprint, load, ("drug",))
