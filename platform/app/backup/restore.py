"""`carethread restore`: the clinic as it was, in a fresh database, verified before it takes the old one's place."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import obstore

from app.backup import database, programs
from app.backup.archive import ANCHORS, FILES, Entry, Manifest
from app.backup.make import read_back
from app.backup.place import Keys, Place, within
from app.backup.rebuild import rebuild
from app.backup.sealing import Opener, read_header
from app.process.progress import Progress, SetupError
from app.process.roles import connect
from core.migrations import FOLDER, head

_NAMED = "SELECT clinic_id, id FROM file WHERE status <> 'deleted'"


@dataclass
class Restored:
    """What a person has to know at the end: the database put aside ('' for none), and sentences."""

    aside: str = ""
    remarks: list[str] = field(default_factory=list)


def check_keys(file: Path, keys: Keys) -> None:
    """Raise SetupError unless this version and these keys can deal with the file. Touches nothing, and is quick."""
    header, _ = read_header(file)
    if header.revision not in {each.stem for each in (FOLDER / "versions").glob("*.py")}:
        raise SetupError(
            f"{file} was made by a newer Carethread ({header.version}, with tables of {header.revision}; this one "
            f"knows up to {head()}): restore it with that version."
        )
    Opener(file, keys.ring).close()
    if header.audit_key and header.audit_key != keys.audit_id:
        raise SetupError(
            f"The audit in {file} was sealed with the audit key {header.audit_key}; here is {keys.audit_id or 'none'}: "
            "give the clinic's keys with --keys, or set CARETHREAD_AUDIT_KEY."
        )


async def check(file: Path, keys: Keys, progress: Progress) -> Manifest:
    """Read the whole file, every row of the dump included, and write nothing. Raises SetupError."""
    header, _ = read_header(file)
    await programs.usable("pg_restore", header.postgres, "the backup")
    with progress.step("Backup read and checked") as step:
        manifest = await read_back(file, keys.ring, step)
    # What was sealed with keys that were gone already at the time is no reason.
    if lost := sorted({*manifest.sealed_with} & {*manifest.keys} - {*keys.ring.ids}):
        raise SetupError(
            f"Part of {file} is sealed to earlier keys that are not here: {', '.join(lost)}. Put them into "
            "CARETHREAD_PREVIOUS_SECRET_KEYS."
        )
    return manifest


async def check_place(place: Place, file: Path, *, replace: bool) -> None:
    """Raise SetupError where there is a clinic that must not be replaced, or cannot be."""
    header, _ = read_header(file)
    major = await database.version_at(place.admin_url)
    if major < header.postgres:
        raise SetupError(
            f"The server is PostgreSQL {major}, and {file} is of {header.postgres}: use a server of {header.postgres} "
            "or newer."
        )
    if await database.is_in_use(place.admin_url, place.database):
        raise SetupError(f"The database {place.database} is in use: stop api and worker first.")
    if not replace and await database.holds_a_clinic(place.admin_url, place.database):
        raise SetupError(
            f"The database {place.database} holds a clinic already: with --replace the backup takes its place, and "
            "what is there now is kept aside under another name."
        )


async def restore(
    place: Place,
    file: Path,
    manifest: Manifest,
    progress: Progress,
    take_keys: Callable[[str], None],
) -> Restored:
    """Build the database beside the clinic's, verify it, and exchange the two. Raises SetupError; then the clinic's
    database is what it was. `take_keys` makes the keys the home's own, and gets the name for what was there before.
    The database that was there stays, aside, if it holds anything by then."""
    stamp, told = f"{datetime.now(UTC):%Y%m%dt%H%M%S}", Restored()
    scratch, aside = f"{place.database}_restoring", f"{place.database}_before_{stamp}"
    files = _Files(place)
    try:
        await rebuild(place, scratch, file, manifest, progress, files.take)
        with progress.step("Audit's transaction ids passed") as step:
            if not await database.pass_the_audits_ids(within(place.owner_url, scratch), step.note):
                step.skip("not needed")
        with progress.step("In its place"):
            await files.settle_files(within(place.owner_url, scratch))
            # It fails if somebody has connected meanwhile: before the keys are changed.
            await database.put_in_place(place.admin_url, scratch, place.database, aside)
            take_keys(f"secrets.before-{stamp}")
            files.settle_anchors(stamp, told.remarks)
    finally:
        files.forget()
        await database.drop(place.admin_url, scratch)
    if await database.holds_a_clinic(place.admin_url, aside):
        told.aside = aside
    else:
        await database.drop(place.admin_url, aside)
    place.home.unfinished_demo.unlink(missing_ok=True)
    return told


class _Files:
    """Puts the patients' files back, and the anchors of the audit."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._anchors: bytes | None = None
        self._staged = place.home.root / "blobs.restoring"
        self.forget()

    def take(self, entry: Entry) -> None:
        if entry.name == ANCHORS:
            self._anchors = entry.data
        elif entry.name.startswith(FILES):
            # By clinic and id, as `core.files` has it.
            clinic, _, blob = entry.name.removeprefix(FILES).partition("/")
            folder = self._staged / str(UUID(clinic))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_private(folder / str(UUID(blob)), entry.data)

    def forget(self) -> None:
        """Take away what is not in its place yet."""
        shutil.rmtree(self._staged, ignore_errors=True)

    def settle_anchors(self, stamp: str, remarks: list[str]) -> None:
        """Anchors only grow. Where those here are not the backup's they are kept under another name, and that is said:
        they are the evidence of what was recorded after the backup, and is lost now."""
        here = self._place.anchors
        if here.exists() and here.read_bytes() != self._anchors:
            aside = here.with_name(f"audit-anchors.before-{stamp}.jsonl")
            here.rename(aside)
            remarks.append(
                f"The audit's anchors that were here are kept as {aside}: they show what came after."
            )
        if self._anchors is not None and not here.exists():
            _write_private(here, self._anchors)

    async def settle_files(self, url: str) -> None:
        """Put every file that a row names into the store. What is there already is the same: an id is used once."""
        connection = await connect(url)
        try:
            named = {f"{clinic_id}/{file_id}" for clinic_id, file_id in await connection.fetch(_NAMED)}
        finally:
            await connection.close()
        for file in self._staged.glob("*/*"):
            name = file.relative_to(self._staged).as_posix()
            if name in named:
                await obstore.put_async(self._place.files, name, file)


def _write_private(file: Path, data: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(data)
