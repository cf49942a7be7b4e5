"""`carethread backup` and `carethread restore`: all of the clinic, or a sentence and nothing changed (case 10)."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from app.home import Home
from core.audit.seal import seal, verify
from core.services import Services
from tests.app.backup.backups import (
    Desk,
    another_database,
    counts,
    folder,
    no_servers_named,
    owner_url,
    read_something,
    services_at,
    serving,
    some_days_of_work,
)

# Fixtures, used by their names.
__all__ = ["folder", "no_servers_named"]

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="module")]

# As a cluster that has served for a while: a new one begins far below.
_MANY = "DO $$ BEGIN FOR turn IN 1..30000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


def new_home(root: Path) -> Home:
    root.mkdir(mode=0o755)
    return Home(root)


@pytest.fixture(scope="module")
async def river(folder: Path) -> AsyncIterator[Desk]:
    """A clinic on servers of its own: the demo, and some days of work that are sealed."""
    async with serving(new_home(folder / "servers")) as servers:
        admin = await asyncpg.connect(servers.settings["CARETHREAD_ADMIN_DATABASE_URL"])
        await admin.execute(_MANY)
        await admin.close()
        desk = another_database(servers, "river", folder / "river")
        await asyncio.to_thread(desk.does, "migrate")
        await asyncio.to_thread(desk.does, "seed", CARETHREAD_DEMO="1")
        async with services_at(desk) as services:
            await some_days_of_work(services)
        yield desk


@pytest.fixture(scope="module")
async def kept(river: Desk) -> Path:
    """A backup of it, deeply verified."""
    file = river.home / "kept.backup"
    await asyncio.to_thread(river.does, "backup", "--to", file, "--deep")
    return file


@pytest.fixture(scope="module")
async def other(river: Desk, kept: Path, folder: Path) -> Desk:
    """Another database with that clinic in it, restored."""
    desk = another_database(river, "other", folder / "other")
    await asyncio.to_thread(desk.does, "restore", kept)
    return desk


async def audit_of(services: Services) -> tuple[str | None, int, int]:
    async with services.system.connect() as connection:
        report = await verify(connection, services.audit_signer)
    return report.problem, report.sealed, report.waiting


async def test_a_clinic_comes_back_whole_on_bare_servers(river: Desk, other: Desk) -> None:
    assert await counts(owner_url(other)) == await counts(owner_url(river))
    said = await asyncio.to_thread(other.does, "verify-signatures")
    assert "Everything signed verifies: 33 documents" in said
    async with services_at(river) as services:
        before = await audit_of(services)
    async with services_at(other) as services:
        assert await audit_of(services) == before
        async with services.engine.connect() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM patient")) == 0, "rights are as before"
        with pytest.raises(Exception, match="permission denied"):
            async with services.engine.begin() as connection:
                await connection.execute(text("DELETE FROM audit_event"))
    files = [each.relative_to(river.home) for each in (river.home / "blobs").rglob("*") if each.is_file()]
    assert files and all(
        (other.home / each).read_bytes() == (river.home / each).read_bytes() for each in files
    )


async def test_a_clinic_comes_back_in_a_fresh_home_with_one_file_and_its_keys(
    river: Desk, kept: Path, folder: Path
) -> None:
    """In another cluster, whose transaction ids begin low: what is recorded from then on is sealed as before."""
    secrets = folder / "paper"
    secrets.write_text(
        "".join(f"{k}={v}\n" for k, v in river.settings.items() if k.endswith(("_KEY", "_SECRET")))
    )
    home = Desk(new_home(folder / "fresh").root)
    refused = await asyncio.to_thread(home.refuses, "restore", kept)
    assert refused.startswith(
        f"The clinic's keys are not here: {home.home}/secrets has no CARETHREAD_SECRET_KEY."
    )
    assert list(home.home.iterdir()) == [], "no key was made up"

    said = await asyncio.to_thread(home.does, "restore", kept, "--keys", secrets)

    assert said.startswith("The clinic is as it was at ")
    assert "kept as the database" not in said, "there was none"
    assert Home(home.home).secrets()["CARETHREAD_SECRET_KEY"] == river.settings["CARETHREAD_SECRET_KEY"]
    async with serving(Home(home.home)) as desk:
        found = Desk(home.home, desk.settings)
        assert await counts(owner_url(found)) == await counts(owner_url(river))
        async with services_at(found) as services:
            problem, sealed, _ = await audit_of(services)
            assert problem is None and sealed > 5
            await seal(services)
            _, sealed, _ = await audit_of(services)
            await read_something(services)
            assert await seal(services) == 1
            assert await audit_of(services) == (None, sealed + 1, 0)


async def test_a_backup_is_private_and_shows_nobody_in_it(river: Desk, kept: Path) -> None:
    owner = await asyncpg.connect(owner_url(river))
    names = [row[0] for row in await owner.fetch("SELECT family FROM patient")]
    await owner.close()
    held = await asyncio.to_thread(kept.read_bytes)

    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    assert not [name for name in names if name.encode() in held]
    assert river.settings["CARETHREAD_SECRET_KEY"].encode() not in held
