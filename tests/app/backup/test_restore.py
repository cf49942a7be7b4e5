"""Backups while people work, that are killed, of older versions; and what a restore puts aside."""

import asyncio
import base64
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from core.audit.seal import seal, verify
from core.migrations import head
from core.services import Services
from tests.app.backup.backups import (
    Desk,
    another_database,
    counts,
    databases,
    folder,
    migrated,
    no_servers_named,
    owner_url,
    read_something,
    services_at,
    small_clinic,
    some_days_of_work,
)
from tests.patience import PATIENCE
from tests.processes import wait_until_over

GUIDE = (Path(__file__).parents[3] / "docs" / "production.md").read_text()

# Fixtures, used by their names.
__all__ = ["folder", "no_servers_named"]

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
async def river(folder: Path) -> AsyncIterator[Desk]:
    async with small_clinic(folder) as desk:
        yield desk


async def test_what_is_there_is_kept_aside_until_it_is_dropped(river: Desk, folder: Path) -> None:
    """And so are the audit's anchors, which know of what came after the backup."""
    file = river.home / "kept.backup"
    (river.home / "audit-anchors.jsonl").write_text("batch 1\n")
    await asyncio.to_thread(river.does, "backup", "--to", file)
    desk = another_database(river, "again", folder / "again")
    said = await asyncio.to_thread(desk.does, "restore", file)
    assert "kept as" not in said, "there was none"
    anchors = desk.home / "audit-anchors.jsonl"
    assert anchors.read_text() == "batch 1\n"
    anchors.write_text("batch 1\nbatch 2\n")
    said = await asyncio.to_thread(desk.does, "restore", file, "--replace")
    (earlier,) = desk.home.glob("audit-anchors.before-*.jsonl")
    assert f"The audit's anchors that were here are kept as {earlier}: they show what came after." in said
    assert (anchors.read_text(), earlier.read_text()) == ("batch 1\n", "batch 1\nbatch 2\n")
    (aside,) = [name for name in await databases(owner_url(desk)) if name.startswith("again_before_")]
    assert f"kept as the database {aside}" in said
    assert await asyncio.to_thread(desk.does, "drop-replaced") == f"{aside}\n"

    await asyncio.to_thread(desk.does, "drop-replaced", "--yes")

    assert aside not in await databases(owner_url(desk))


async def test_an_older_backup_is_brought_to_this_version(river: Desk, folder: Path) -> None:
    desk = another_database(river, "older", folder / "older")
    await migrated(desk, "0021_duplicates")
    owner = await asyncpg.connect(owner_url(desk))
    await owner.execute(
        "INSERT INTO clinic (id, slug, name, time_zone, languages) "
        "VALUES (gen_random_uuid(), 'old', 'Old Clinic', 'America/New_York', '{en}')"
    )
    await owner.close()
    file = desk.home / "older.backup"
    await asyncio.to_thread(desk.does, "backup", "--to", file)

    await asyncio.to_thread(desk.does, "restore", file, "--replace")

    connection = await asyncpg.connect(owner_url(desk))
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == head()
    assert await connection.fetchval("SELECT name FROM clinic") == "Old Clinic"
    await connection.close()


async def test_what_was_acknowledged_before_it_began_is_in_it(river: Desk, folder: Path) -> None:
    """People go on working while it is made."""
    acknowledged, enough = 0, asyncio.Event()
    file = river.home / "busy.backup"

    async def work(services: Services) -> None:
        nonlocal acknowledged
        while True:
            await read_something(services)
            acknowledged += 1
            if acknowledged == 20:
                enough.set()

    before = (await counts(owner_url(river)))["audit_event"]
    async with services_at(river) as services:
        working = asyncio.create_task(work(services))
        await enough.wait()
        begun = acknowledged
        await asyncio.to_thread(river.does, "backup", "--to", file)
        ended = acknowledged
        working.cancel()
        await asyncio.wait({working})
    desk = another_database(river, "busy", folder / "busy")
    await asyncio.to_thread(desk.does, "restore", file)

    found = (await counts(owner_url(desk)))["audit_event"] - before
    assert begun <= found <= ended
    assert ended > begun, "somebody worked meanwhile"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_one_that_is_killed_leaves_nothing_that_looks_like_a_backup(
    river: Desk, folder: Path, number: signal.Signals
) -> None:
    target = folder / f"killed-{number.name}"
    target.mkdir()
    owner = await asyncpg.connect(owner_url(river))
    async with owner.transaction():
        # The dump waits for this table, so that it is killed in its middle.
        await owner.execute("LOCK TABLE task IN ACCESS EXCLUSIVE MODE")
        making = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", "backup", "--to", str(target)), env=river.environment()
        )
        async with asyncio.timeout(PATIENCE):
            while not list(target.iterdir()):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)
        children = psutil.Process(making.pid).children(recursive=True)
        making.send_signal(number)
        await making.wait()
        assert not list(target.glob("*.backup"))
        assert (list(target.iterdir()) == []) is (number != signal.SIGKILL)
    await owner.close()
    await asyncio.to_thread(wait_until_over, children)

    await asyncio.to_thread(river.does, "backup", "--to", target)

    (left,) = target.iterdir()
    assert left.suffix == ".backup"
    shutil.rmtree(target)


async def test_a_full_disk_is_said_and_leaves_nothing(river: Desk, folder: Path) -> None:
    target = folder / "full"
    target.mkdir()
    limited = f"ulimit -f 40; exec {sys.executable} -m app.cli backup --to {target}"
    done = await asyncio.to_thread(
        subprocess.run,
        ["sh", "-c", limited],
        env=river.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.endswith(
        f"Error: The backup cannot be written to {target}: File too large. Nothing of it was kept.\n"
    )
    assert list(target.iterdir()) == []


async def test_only_so_many_are_kept(river: Desk, folder: Path) -> None:
    target = folder / "many"
    target.mkdir()
    (target / "notes.txt").touch()
    for day in (1, 2, 3):
        (target / f"carethread-2026010{day}T000000Z.backup").touch()

    await asyncio.to_thread(river.does, "backup", "--to", target, "--keep", "2")

    names = sorted(each.name for each in target.iterdir())
    assert names[0] == "carethread-20260103T000000Z.backup"
    assert len(names) == 3 and names[2] == "notes.txt"


async def test_the_audit_is_sealed_anew_by_the_commands_of_the_page(river: Desk, folder: Path) -> None:
    """As after the audit key has leaked."""
    desk = another_database(river, "leaked", folder / "leaked")
    await migrated(desk, head())
    async with services_at(desk) as services:
        await some_days_of_work(services)
    section = GUIDE[GUIDE.index("### Sealing the audit anew") :]
    owner = await asyncpg.connect(owner_url(desk))
    for statement in re.findall(r'--command "(.*?)"', section)[:2]:
        await owner.execute(statement)
    await owner.close()

    desk.settings["CARETHREAD_AUDIT_KEY"] = base64.b64encode(bytes(range(32))).decode()

    async with services_at(desk) as services, services.system.connect() as connection:
        assert await seal(services) > 0
        report = await verify(connection, services.audit_signer)
        assert (report.problem, report.batches, report.waiting) == (None, 1, 0)
