"""Reference data of a new release reaches an installation that is there, and is loaded once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.prescribing.medicines import loading
from chart.prescribing.medicines.formulary import Product, products
from chart.prescribing.medicines.loading import DRUGS
from core.config import Settings
from core.database.engine import make_engine
from core.database.reference import ReferenceSet, ensure_loaded


@pytest.fixture
async def installed(settings_apart: Settings) -> AsyncIterator[AsyncEngine]:
    """The owner of a database with the medicines of this release."""
    engine = make_engine(settings_apart.owner_database_url, settings_apart)
    await ensure_loaded(engine, [DRUGS])
    yield engine
    await ensure_loaded(engine, [DRUGS])
    await engine.dispose()


async def offered(engine: AsyncEngine) -> dict[str, str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT id, title FROM drug WHERE offered"))
        return {row.id: row.title for row in rows}


def of_next_release(fingerprint: str = "next") -> ReferenceSet:
    return replace(DRUGS, fingerprint=lambda: fingerprint)


async def test_a_new_formulary_reaches_a_clinic_that_is_installed(
    installed: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One medicine is new, one has another name, one is gone: it stays in the table for its prescriptions."""
    dropped, renamed, *rest = products()
    added: Product = changed(renamed, id="new-medicine", name="newmedicine")
    release = (changed(renamed, name="renamed"), added, *rest)
    monkeypatch.setattr(loading, "products", lambda: release)
    assert await ensure_loaded(installed, [of_next_release()]) == ["drugs"]
    now = await offered(installed)
    assert dropped.id not in now
    assert now[renamed.id].startswith("renamed ")
    assert now[added.id].startswith("newmedicine ")
    async with installed.connect() as connection:
        kept = await connection.scalar(text("SELECT true FROM drug WHERE id = :id"), {"id": dropped.id})
    assert kept is True

    monkeypatch.undo()
    assert await ensure_loaded(installed, [DRUGS]) == ["drugs"], "and back, should the release be"
    assert await offered(installed) == {product.id: product.title for product in products()}


async def test_equal_content_is_not_loaded_twice_and_two_starts_at_once_load_it_once(
    installed: AsyncEngine,
) -> None:
    assert await ensure_loaded(installed, [DRUGS]) == []
    loads = await asyncio.gather(*(ensure_loaded(installed, [of_next_release("other")]) for _ in range(4)))
    assert sorted(loads) == [[], [], [], ["drugs"]]


async def test_a_set_is_loaded_whole_or_not_at_all(
    installed: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await offered(installed)
    first, *_ = products()
    monkeypatch.setattr(loading, "products", lambda: (changed(first, schedule="none such"),))
    with pytest.raises(Exception, match="drug_schedule_check"):
        await ensure_loaded(installed, [of_next_release("broken")])
    monkeypatch.undo()
    assert await offered(installed) == before
    assert await ensure_loaded(installed, [DRUGS]) == [], "it still counts as the one that is loaded"
