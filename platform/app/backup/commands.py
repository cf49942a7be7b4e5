"""The commands of backups, for `app.cli`."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from app.process.progress import Progress, SetupError

if TYPE_CHECKING:
    from app.backup.place import Keys
    from app.home import Home

Answer = TypeVar("Answer")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="A file, or a folder in which a new one is made. Without it: backups/ in CARETHREAD_HOME.",
)
@click.option(
    "--verify/--no-verify", default=True, show_default=True, help="Read all of it back before it counts."
)
@click.option(
    "--deep", is_flag=True, help="Also restore it into a database of its own, verify that, and remove it."
)
@click.option("--keep", type=click.IntRange(1), help="Afterwards, keep only so many of the folder's backups.")
def backup(to: Path | None, verify: bool, deep: bool, keep: int | None) -> None:
    """Write the whole clinic into one encrypted file, while it runs.

    The file opens with the clinic's secret key only, and the key is not in it: keep a copy of the keys somewhere else.
    """
    began = time.monotonic()

    async def working() -> str:
        from app.backup import make
        from app.backup.place import Place, keys_at_hand
        from app.home import Home
        from app.process.servers import running

        home = Home.from_environment()
        async with running(home, _say) as environment:
            place = Place.of(home, environment, keys_at_hand(home))
            file = make.target(to, home, datetime.now(UTC))
            await make.backup(place, file, Progress(), verify=verify, deep=deep)
        removed = make.forget(file.parent, keep) if keep else []
        return "\n".join(
            [
                f"{file}: {file.stat().st_size / make.MEGABYTE:.1f} MB, {'' if verify or deep else 'not '}verified.",
                f"It opens only with the clinic's secret key {place.keys.ring.ids[0]}, which is not in it but in "
                f"{place.keys.source}.",
                "Keep a copy of the keys apart from the backups: without them nobody ever reads any of it.",
                *(f"Removed {old.name}." for old in removed),
            ]
        )

    click.echo(f"{_interruptible(working)}\nDone in {time.monotonic() - began:.1f} s.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Take the place of the clinic that is there; it is kept aside.")
@click.option(
    "--check", "only_check", is_flag=True, help="Read and check the file with the keys, and change nothing."
)
@click.option("--keys", "key_file", type=_FILE, help="The clinic's `secrets` file, if its keys are not here.")
def restore(file: Path, replace: bool, only_check: bool, key_file: Path | None) -> None:
    """Bring back the clinic of a backup. The database that is there stays until the restored one was verified."""
    began = time.monotonic()

    async def working() -> str:
        from app.backup import restore as verbs
        from app.backup.place import keys_at_hand
        from app.home import Home

        home = Home.from_environment()
        keys = keys_at_hand(home, key_file)
        verbs.check_keys(file, keys)
        if only_check:
            manifest = await verbs.check(file, keys, Progress())
            return (
                f"{file} is whole, of {manifest.at}: {sum(manifest.rows.values())} rows. These keys open it."
            )
        return await _bring_back(home, file, keys, replace=replace, take_keys=key_file is not None)

    click.echo(f"{_interruptible(working)}\nDone in {time.monotonic() - began:.1f} s.")


@click.command("drop-replaced")
@click.option("--yes", is_flag=True, help="Really remove them; without it they are only listed.")
def drop_replaced(yes: bool) -> None:
    """List the databases that `restore --replace` kept aside, or remove them."""

    async def working() -> list[str]:
        from app.backup import database
        from app.backup.place import Place, keys_at_hand
        from app.home import Home
        from app.process.servers import running

        home = Home.from_environment()
        async with running(home, _say) as environment:
            place = Place.of(home, environment, keys_at_hand(home))
            kept = await database.kept_aside(place.admin_url, place.database)
            for name in kept if yes else []:
                await database.drop(place.admin_url, name)
            return kept

    kept = _interruptible(working)
    click.echo("\n".join(f"{name}{' removed' if yes else ''}" for name in kept) or "Nothing is kept aside.")


async def _bring_back(home: "Home", file: Path, keys: "Keys", *, replace: bool, take_keys: bool) -> str:
    from app.backup import restore as verbs
    from app.backup.place import Place
    from app.process.servers import Servers, running

    if Servers(home).embeds_postgres:
        with home.owned():
            pass  # or it says that the clinic runs, and is to be stopped first
    # From here on these keys count, before anything asks the home for its own.
    os.environ.update(keys.values)

    def take(aside: str) -> None:
        if take_keys:
            home.keep_keys(keys.values, aside)

    async with running(home, _say) as environment:
        place = Place.of(home, environment, keys)
        await verbs.check_place(place, file, replace=replace)
        manifest = await verbs.check(file, keys, progress := Progress())
        told = await verbs.restore(place, file, manifest, progress, take)
    lines = [f"The clinic is as it was at {manifest.at}: {sum(manifest.rows.values())} rows."]
    if told.aside:
        lines.append(
            f"What was there is kept as the database {told.aside}, until `carethread drop-replaced --yes`."
        )
    return "\n".join([*lines, *told.remarks])


def _interruptible(work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Run it to its end. Being told to stop (Ctrl-C, SIGTERM) takes everything half made away first."""

    import asyncpg
    from sqlalchemy.exc import SQLAlchemyError

    async def working() -> Answer:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are in one
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work()

    try:
        return asyncio.run(working())
    except asyncio.CancelledError:
        raise click.exceptions.Exit(128 + signal.SIGTERM) from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError) as error:
        raise SetupError(f"It ended by an error ({type(error).__name__}): {error}") from error


def _say(line: str) -> None:
    print(line, file=sys.stderr)
