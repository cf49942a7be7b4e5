"""What cannot be backed up or restored: one clear sentence, and nothing changed."""

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.backup.sealing import CHUNK, MAGIC
from core.ids import new_id
from core.migrations import head
from tests.app.backup.backups import (
    Desk,
    another_database,
    counts,
    databases,
    folder,
    no_servers_named,
    owner_url,
    services_at,
    small_clinic,
)

# Fixtures, used by their names.
__all__ = ["folder", "no_servers_named"]

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="module")]

ANOTHER_KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="module")
async def river(folder: Path) -> AsyncIterator[Desk]:
    async with small_clinic(folder) as desk:
        yield desk


@pytest.fixture(scope="module")
async def kept(river: Desk) -> Path:
    """Its backup, of some chunks because of one large file."""
    file = river.home / "kept.backup"
    large = river.home / "blobs" / str(new_id()) / str(new_id())
    await asyncio.to_thread(large.parent.mkdir)
    await asyncio.to_thread(large.write_bytes, os.urandom(3 * CHUNK))
    await asyncio.to_thread(river.does, "backup", "--to", file)
    return file


def _flipped(held: bytes) -> bytes:
    place = len(held) * 2 // 3
    return held[:place] + bytes([held[place] ^ 1]) + held[place + 1 :]


def _swapped(held: bytes) -> bytes:
    """Two of its chunks in the other order: each is authentic by itself."""
    begin = len(MAGIC) + 4 + int.from_bytes(held[len(MAGIC) : len(MAGIC) + 4], "big")
    size = CHUNK + 16
    one, two = held[begin : begin + size], held[begin + size : begin + 2 * size]
    return held[:begin] + two + one + held[begin + 2 * size :]


def _at_a_seam(held: bytes) -> bytes:
    """Cut where a chunk ends."""
    begin = len(MAGIC) + 4 + int.from_bytes(held[len(MAGIC) : len(MAGIC) + 4], "big")
    return held[: begin + CHUNK + 16]


def _of_a_newer_version(held: bytes) -> bytes:
    newer = re.sub(r"^\d{4}", "9999", head())
    return held.replace(head().encode(), newer.encode(), 1)


def _of_another_time(held: bytes) -> bytes:
    """Its header says another date; the rest is what it was."""
    return re.sub(rb'"at":"20\d\d', b'"at":"2001', held, count=1)


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a flipped byte": (
        _flipped,
        "{file} is damaged or was changed: what follows byte [0-9]+ of its content does not hold.",
    ),
    "swapped chunks": (
        _swapped,
        "{file} is damaged or was changed: what follows byte 0 of its content does not hold.",
    ),
    "cut off": (
        lambda held: held[:-1000],
        "{file} is damaged or was changed: .*|{file} is cut off: its end is missing.",
    ),
    "cut at a seam": (_at_a_seam, "{file} is cut off: its end is missing."),
    "only a beginning": (lambda held: held[:100], "{file} is damaged: its beginning cannot be read."),
    "nothing": (lambda held: b"", "{file} is no backup of Carethread."),
    "something else": (lambda held: b"PGDMP" + held, "{file} is no backup of Carethread."),
    "a changed header": (_of_another_time, "{file} is damaged or was changed: .*"),
    "a newer version": (
        _of_a_newer_version,
        "{file} was made by a newer Carethread .* with tables of 9999_.*; this one knows up to "
        + head()
        + "[)]: restore it with that version.",
    ),
}


async def _unchanged(desk: Desk, before: dict[str, int], databases_before: list[str]) -> None:
    assert await counts(owner_url(desk)) == before
    assert await databases(owner_url(desk)) == databases_before
    assert sorted(each.name for each in desk.home.iterdir() if each.suffix != ".backup") == ["blobs"]


@pytest.mark.parametrize("name", DAMAGED)
async def test_a_file_that_is_not_what_was_written(river: Desk, kept: Path, name: str) -> None:
    change, sentence = DAMAGED[name]
    before = await counts(owner_url(river)), await databases(owner_url(river))
    file = kept.with_name("changed.backup")
    await asyncio.to_thread(file.write_bytes, change(await asyncio.to_thread(kept.read_bytes)))

    said = await asyncio.to_thread(river.refuses, "restore", file, "--replace")

    assert re.fullmatch(sentence.format(file=re.escape(str(file))), said), said
    await _unchanged(river, *before)


async def test_the_wrong_keys(river: Desk, kept: Path) -> None:
    before = await counts(owner_url(river)), await databases(owner_url(river))
    refused = river.refuses
    said = await asyncio.to_thread(refused, "restore", kept, "--replace", CARETHREAD_SECRET_KEY=ANOTHER_KEY)
    assert "was sealed to the secret key" in said and "which is not here (here: " in said
    said = await asyncio.to_thread(refused, "restore", kept, "--replace", CARETHREAD_AUDIT_KEY=ANOTHER_KEY)
    assert "was sealed with the audit key" in said
    said = await asyncio.to_thread(refused, "restore", kept, "--keys", kept)
    assert said == "CARETHREAD_SECRET_KEY is set in the environment: unset it, or leave --keys out."
    said = await asyncio.to_thread(refused, "restore", kept, CARETHREAD_SECRET_KEY="short")
    assert said == "CARETHREAD_SECRET_KEY must be base64 of exactly 32 bytes."

    await _unchanged(river, *before)


async def test_a_rotated_key_is_still_wanted_for_what_it_sealed(river: Desk, kept: Path) -> None:
    """The backup that was made before opens, and one that is made after says which earlier key it needs."""
    old = river.settings["CARETHREAD_SECRET_KEY"]
    rotated = {"CARETHREAD_SECRET_KEY": ANOTHER_KEY, "CARETHREAD_PREVIOUS_SECRET_KEYS": old}
    blob = (
        river.home / "blobs" / "01a21924-cd85-7641-b6a5-239e8736b5eb" / "01a21924-cd85-7641-b6a5-239e8736b5ec"
    )
    async with services_at(river) as services:
        sealed = services.keyring.seal(b"a summary", "blob")
        old_id = services.keyring.ids[0]
    await asyncio.to_thread(blob.parent.mkdir)
    await asyncio.to_thread(blob.write_bytes, sealed)
    assert "These keys open it." in await asyncio.to_thread(river.does, "restore", kept, "--check", **rotated)
    file = river.home / "rotated.backup"
    await asyncio.to_thread(river.does, "backup", "--to", file, **rotated)

    said = await asyncio.to_thread(
        river.refuses, "restore", file, "--check", CARETHREAD_SECRET_KEY=ANOTHER_KEY
    )

    assert said == (
        f"Part of {file} is sealed to earlier keys that are not here: {old_id}. Put them into "
        "CARETHREAD_PREVIOUS_SECRET_KEYS."
    )


async def test_a_database_that_holds_a_clinic(river: Desk, kept: Path) -> None:
    said = await asyncio.to_thread(river.refuses, "restore", kept)

    assert said == (
        "The database river holds a clinic already: with --replace the backup takes its place, and what is there now "
        "is kept aside under another name."
    )


async def test_a_database_that_somebody_uses(river: Desk, kept: Path) -> None:
    async with services_at(river) as services, services.engine.connect():
        said = await asyncio.to_thread(river.refuses, "restore", kept, "--replace")

    assert said == "The database river is in use: stop api and worker first."


async def test_a_home_whose_clinic_runs(kept: Path, folder: Path) -> None:
    home = folder / "servers"

    said = await asyncio.to_thread(Desk(home).refuses, "restore", kept, "--keys", home / "secrets")

    assert said.startswith(f"Carethread is already running from {home} (process ")


async def test_a_role_that_sees_one_clinic_at_a_time(river: Desk) -> None:
    bound = {"CARETHREAD_OWNER_DATABASE_URL": river.settings["DATABASE_URL"]}
    file = river.home / "bound.backup"

    said = await asyncio.to_thread(river.refuses, "backup", "--to", file, **bound)

    assert said.startswith(
        "CARETHREAD_OWNER_DATABASE_URL names carethread_app, which sees one clinic at a time"
    )
    assert not file.exists()


async def test_no_role_that_makes_databases(river: Desk, kept: Path) -> None:
    for arguments in (("restore", kept), ("backup", "--deep")):
        said = await asyncio.to_thread(river.refuses, *arguments, CARETHREAD_ADMIN_DATABASE_URL="")
        assert said.startswith("Set CARETHREAD_ADMIN_DATABASE_URL to a role that may make databases")


async def test_programs_of_another_postgresql(river: Desk, kept: Path, folder: Path) -> None:
    programs = folder / "16"
    await asyncio.to_thread(programs.mkdir)
    said = await asyncio.to_thread(river.refuses, "backup", CARETHREAD_POSTGRES_BIN=str(programs))
    assert said.startswith("pg_dump was not found: ")
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) 16.4'\n")
        (programs / name).chmod(0o755)

    said = await asyncio.to_thread(river.refuses, "backup", CARETHREAD_POSTGRES_BIN=str(programs))
    assert said == (
        f"{programs}/pg_dump is of PostgreSQL 16, and the server is of 18: use the programs of 18 or newer "
        "(CARETHREAD_POSTGRES_BIN names their folder)."
    )
    said = await asyncio.to_thread(
        river.refuses, "restore", kept, "--check", CARETHREAD_POSTGRES_BIN=str(programs)
    )
    assert said.startswith(f"{programs}/pg_restore is of PostgreSQL 16, and the backup is of 18: ")


async def test_a_server_of_an_older_postgresql(river: Desk, kept: Path) -> None:
    """As a backup from PostgreSQL 99 would be met by ours."""
    file = kept.with_name("newer.backup")
    held = await asyncio.to_thread(kept.read_bytes)
    await asyncio.to_thread(file.write_bytes, held.replace(b'"postgres":18', b'"postgres":99', 1))

    said = await asyncio.to_thread(river.refuses, "restore", file, "--replace")

    assert said == f"The server is PostgreSQL 18, and {file} is of 99: use a server of 99 or newer."


async def test_a_folder_that_is_not_there(river: Desk) -> None:
    said = await asyncio.to_thread(river.refuses, "backup", "--to", river.home / "nowhere" / "x")

    assert said == f"There is no folder {river.home / 'nowhere'}: make it first."


async def test_a_file_that_is_something_else(river: Desk) -> None:
    notes = river.home / "notes"
    notes.write_text("What else we have to do")
    said = await asyncio.to_thread(river.refuses, "backup", "--to", notes)

    assert said == f"{notes} is there already and is no backup: name another file."
    assert notes.read_text() == "What else we have to do"


async def test_a_database_without_tables(river: Desk, folder: Path) -> None:
    desk = another_database(river, "empty", folder / "empty")

    said = await asyncio.to_thread(desk.refuses, "backup")

    assert said == "The database has no tables yet: there is nothing to back up."
