"""`carethread backup`: one consistent, encrypted, verified file; whole under its name, or not there."""

import asyncio
import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg
import obstore
from obstore.store import ObjectStore

from app.backup import database, programs, sealed
from app.backup.archive import ANCHORS, DATABASE, FILES, PIECE, Checker, Manifest, Packer, entries
from app.backup.part import SUFFIX, Part, part_of
from app.backup.place import Place
from app.backup.rebuild import rebuild
from app.backup.sealing import Header, Sealer, is_backup, new_file_key
from app.home import Home
from app.process.progress import Progress, SetupError, Step
from app.process.roles import connect
from core.crypto import Keyring
from core.events.cron import lock_of
from core.files.sweeping import SWEEP
from core.ids import new_id

MEGABYTE = 1_000_000
# Level 1 of gzip: twice as fast as the usual one, for a tenth more bytes.
_DUMP = ("--format=custom", "--compress=gzip:1", "--no-password", "--lock-wait-timeout=60s")


def target(to: Path | None, home: Home, now: datetime) -> Path:
    """The file to write: `to`, or a new one in the folder `to`, or in the home's own `backups`. Raises SetupError."""
    if to is None:
        to = home.root / "backups"
        to.mkdir(mode=0o700, exist_ok=True)
    if to.is_dir():
        return to / f"carethread-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if not to.parent.is_dir():
        raise SetupError(f"There is no folder {to.parent}: make it first.")
    if to.exists() and not is_backup(to):
        raise SetupError(f"{to} is there already and is no backup: name another file.")
    return to


async def backup(place: Place, file: Path, progress: Progress, *, verify: bool, deep: bool) -> Manifest:
    """Write the backup, read it back, and only then give it its name. Raises SetupError; then there is no new file."""
    if deep:
        _ = place.admin_url  # asked for now, not after an hour
    with part_of(file) as part:
        manifest = await _write(place, part, progress)
        part.sync()
        if verify or deep:
            with progress.step("Read back") as step:
                await read_back(part.path, place.keys.ring, step)
        if deep:
            await _restore_aside(place, part.path, manifest, progress)
        part.finish()
    return manifest


async def read_back(file: Path, keyring: Keyring, step: Step) -> Manifest:
    """Open everything, hold it against the manifest, let pg_restore read each row of the dump. Raises SetupError."""
    checker = Checker(file)
    # Its script, which is as large as the clinic, goes nowhere.
    async with programs.running(programs.program("pg_restore"), f"--file={os.devnull}") as child:
        assert child.stdin is not None  # noqa: S101 - a pipe
        for entry in entries(file, keyring):
            checker.see(entry)
            if entry.name == DATABASE:
                child.stdin.write(entry.data)
                await child.stdin.drain()
                step.note(f"{checker.dumped // MEGABYTE} MB")
    return checker.manifest()


def forget(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups that have a name of ours in the folder; which."""
    old = sorted(folder.glob(f"carethread-*Z{SUFFIX}"))[:-keep]
    for file in old:
        file.unlink()
    return old


async def _write(place: Place, part: Part, progress: Progress) -> Manifest:
    # Before the snapshot: the seals that they know have to be in the database that is dumped.
    anchored = place.anchors.read_bytes() if place.anchors.exists() else None
    connection = await connect(place.owner_url)
    try:
        await database.see_all(connection)
        major, full = await database.server_version(connection)
        # No file is deleted between the copy of its row and its own. The lock ends with the connection.
        await connection.execute("SELECT pg_advisory_lock($1)", lock_of(SWEEP.name))
        dumper = await programs.usable("pg_dump", major, "the server")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            await connection.execute("SET LOCAL lock_timeout = '60s'")
            snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
            with progress.step("Rows counted"):
                manifest = await _described(connection, place.keys.ring, full)
            packer = Packer(Sealer(part, *_header(manifest, major, place)))
            with progress.step("Database") as step:
                await _dump(dumper, place.owner_url, snapshot, packer, step)
        with progress.step("Files") as step:
            used = await _files(place.files, packer, step)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise SetupError(f"PostgreSQL ended the backup: {error}.") from error
    finally:
        await connection.close()
    if anchored is not None:
        packer.file(ANCHORS, anchored)
    manifest.sealed_with = sorted({*manifest.sealed_with, *used})
    packer.finish(manifest)
    return manifest


async def _described(connection: asyncpg.Connection, keyring: Keyring, server: str) -> Manifest:
    revision = await database.revision_of(connection)
    if not revision:
        raise SetupError("The database has no tables yet: there is nothing to back up.")
    return Manifest(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("carethread"),
        revision=revision,
        postgres=server,
        rows=await database.counts(connection),
        members={},
        audit_head=await database.audit_head(connection),
        keys=keyring.ids,
        sealed_with=sorted(await sealed.keys_in(connection)),
    )


def _header(manifest: Manifest, major: int, place: Place) -> tuple[Header, bytes]:
    """The header, and the key of the file."""
    backup_id = str(new_id())
    key, sealed_key = new_file_key(place.keys.ring, backup_id)
    header = Header(
        id=backup_id,
        at=manifest.at,
        version=manifest.version,
        revision=manifest.revision,
        postgres=major,
        key=place.keys.ring.ids[0],
        audit_key=place.keys.audit_id,
        sealed_key=sealed_key,
    )
    return header, key


async def _dump(dumper: Path, url: str, snapshot: str, packer: Packer, step: Step) -> None:
    """The database as of the snapshot, in pieces."""
    async with programs.running(dumper, *_DUMP, f"--snapshot={snapshot}", url=url) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe
        while True:
            try:
                piece = await child.stdout.readexactly(PIECE)
            except asyncio.IncompleteReadError as last:
                packer.piece(last.partial)
                return
            step.note(f"{packer.piece(piece) // MEGABYTE} MB")


async def _files(store: ObjectStore, packer: Packer, step: Step) -> set[str]:
    """Pack the patients' files; the ids of their keys. After the database: a file without a row harms nobody, a row
    without its file does."""
    names = sorted([each["path"] async for batch in obstore.list(store) for each in batch])
    used = set()
    for place, name in enumerate(names, start=1):
        try:
            found = await obstore.get_async(store, name)
            data = bytes(await found.bytes_async())
        except FileNotFoundError:
            continue  # it was left over, and is gone meanwhile
        packer.file(FILES + name, data)
        used.add(sealed.key_of(data))
        step.note(f"{place} of {len(names)}")
    return used


async def _restore_aside(place: Place, file: Path, manifest: Manifest, progress: Progress) -> None:
    """Restore it into a database of its own, look at everything, and remove that again."""
    scratch = f"{place.database}_check"
    try:
        await rebuild(place, scratch, file, manifest, progress)
    finally:
        await database.drop(place.admin_url, scratch)
