"""Restores a backup into a fresh database beside the clinic's, and looks at everything before anybody uses it."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from app.backup import database, programs, sealed
from app.backup.archive import DATABASE, Checker, Entry, Manifest, entries
from app.backup.place import Keys, Place
from app.process.progress import Progress, SetupError, Step
from app.process.roles import connect
from app.tables import bring_up
from chart import verification
from core.audit import seal as audit_seal
from core.crypto import Keyring
from core.database.engine import database_url

MEGABYTE = 1_000_000
# Whoever restores owns it, and the grants of the migrations are in the dump. Comments on extensions are for their owner
# alone to write, and say nothing.
_OPTIONS = ("--no-owner", "--no-comments", "--exit-on-error", "--no-password")


def _nothing(entry: Entry) -> None:
    pass


async def rebuild(
    place: Place,
    scratch: str,
    file: Path,
    manifest: Manifest,
    progress: Progress,
    other: Callable[[Entry], None] = _nothing,
) -> None:
    """Make the database `scratch` from the file, brought to this version, with everything verified. `other` gets what
    is not the database. Raises SetupError with the first thing that is not as it ought to be."""
    owner_url, _, system_url = place.within(scratch)
    await database.make_scratch(place.admin_url, scratch, *place.within(scratch))
    with progress.step("Database restored") as step:
        await _load(owner_url, file, place.keys.ring, step, other)
    with progress.step("Compared with the manifest") as step:
        step.found(await _compare(owner_url, place.keys.ring, manifest))
    with progress.step("Tables of this version"):
        await bring_up(owner_url)
        await database.analyze(owner_url)
    with progress.step("Audit and signatures verified") as step:
        step.found(await _verify(system_url, place.keys))


async def _load(
    owner_url: str, file: Path, keyring: Keyring, step: Step, other: Callable[[Entry], None]
) -> None:
    checker = Checker(file)
    async with programs.running(programs.program("pg_restore"), *_OPTIONS, url=owner_url) as child:
        assert child.stdin is not None  # noqa: S101 - a pipe
        for entry in entries(file, keyring):
            checker.see(entry)
            if entry.name == DATABASE:
                child.stdin.write(entry.data)
                await child.stdin.drain()
                step.note(f"{checker.dumped // MEGABYTE} MB")
            else:
                other(entry)
    checker.manifest()


async def _compare(owner_url: str, keyring: Keyring, manifest: Manifest) -> str:
    connection = await connect(owner_url)
    try:
        await database.see_all(connection)
        found = await database.counts(connection)
        for table in sorted(found.keys() | manifest.rows.keys()):
            if found.get(table) != manifest.rows.get(table):
                raise SetupError(
                    f"The restored table {table} has {found.get(table, 'no')} rows; when it was backed up it had "
                    f"{manifest.rows.get(table, 'none')}."
                )
        if await database.audit_head(connection) != manifest.audit_head:
            raise SetupError("The restored audit does not end where it ended when it was backed up.")
        opened = await sealed.open_each(connection, keyring)
    finally:
        await connection.close()
    return f"{sum(found.values())} rows in {len(found)} tables, {opened} sealed values opened"


async def _verify(system_url: str, keys: Keys) -> str:
    engine = create_async_engine(database_url(system_url))
    try:
        async with engine.connect() as connection:
            audit = await audit_seal.verify(connection, keys.audit_signer)
            if audit.problem:
                raise SetupError(f"The restored audit does not verify: {audit.problem}.")
            signed = await verification.verify(connection, keys.ring.signer)
            if signed.problems:
                raise SetupError("\n    ".join(["Restored signatures do not verify:", *signed.problems[:20]]))
    finally:
        await engine.dispose()
    return f"{audit.sealed} audit records, {signed.signed} documents"
