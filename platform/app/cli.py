"""The `carethread` command. Each subcommand imports what it runs only when it is run."""

import asyncio
import os
import re
import sys
import zoneinfo
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.backup import commands as backups
from app.process.processes import DEFAULT_PORT, DEMO_PARTS, PARTS
from app.process.progress import SetupError

Answer = TypeVar("Answer")
# What a command does without, the container in which it runs need not have.
_SYSTEM = ("DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL", "REDIS_URL", "CARETHREAD_SECRET_KEY")
_AUDIT = (*_SYSTEM, "CARETHREAD_AUDIT_KEY")
_OWNER = (*_SYSTEM, "CARETHREAD_OWNER_DATABASE_URL")
PORTS = {part.name: part.port(DEFAULT_PORT) for part in (*PARTS, *DEMO_PARTS)}


class Unusable(click.ClickException):
    """Settings that cannot be used. The status tells whoever starts us again and again that it is no use (systemd:
    RestartPreventExitStatus=78)."""

    exit_code = os.EX_CONFIG


class Sentences(click.Group):
    """Says what is wrong in one sentence, without a traceback, when the person can do something about it."""

    def invoke(self, ctx: click.Context) -> Any:
        from core.config import SettingsError

        try:
            return super().invoke(ctx)
        except SetupError as error:
            raise click.ClickException(str(error)) from error
        except SettingsError as error:
            raise Unusable(str(error)) from error


def listens(part: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of a command that serves: on which address and port."""

    def options(command: Callable[..., None]) -> Callable[..., None]:
        address = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
        port = click.option("--port", default=PORTS[part], show_default=True, help="Port to listen on.")
        return address(port(command))

    return options


def _known_zone(context: click.Context, option: click.Parameter, zone: str) -> str:
    if zone not in zoneinfo.available_timezones():
        raise click.BadParameter(f"{zone} is no time zone; one is America/Chicago.")
    return zone


def _slug(context: click.Context, option: click.Parameter, slug: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise click.BadParameter("use a-z, 0-9 and single -, as in river-clinic.")
    return slug


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="carethread", message="%(package)s %(version)s")
def main() -> None:
    """Carethread: telehealth-first virtual care.

    Settings come from the environment; docs/production.md lists them. Where DATABASE_URL or REDIS_URL is not
    set, `run` and the commands that need a database use the ones under CARETHREAD_HOME (.carethread).
    """


@main.command()
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    help="The API's; the next four are the others'.",
)
@click.option("--dev", is_flag=True, help="Start again when a source changes, and serve the web by Vite.")
def run(port: int, dev: bool) -> None:
    """Run a whole clinic on this machine, until Ctrl-C."""
    from app.process.run import run as run_clinic

    run_clinic(port, dev=dev)


@main.command("status")
def show_status() -> None:
    """Show how each process of a running `run` is. Exits with 1 if one is down."""
    from app.commands.status import told
    from app.home import Home

    lines, all_run = told(Home.from_environment())
    click.echo("\n".join(lines))
    sys.exit(0 if all_run else 1)


@main.command()
@listens("api")
def api(host: str, port: int) -> None:
    """Serve the API and the web pages."""
    from app.asgi import main as serve

    serve(host, port)


@main.command()
def worker() -> None:
    """Deliver events, send messages and prescriptions, and do the regular work."""
    from app.process.worker import main as work

    work()


@main.command()
@listens("signaling")
def signaling(host: str, port: int) -> None:
    """Introduce the browsers of a visit to each other."""
    from signaling.server import main as serve

    serve(host, port)


@main.command()
@listens("probe")
def probe(host: str, port: int) -> None:
    """Let browsers try their network before a visit."""
    from signaling.probe.server import main as serve

    serve(host, port)


@main.command()
@listens("pharmacy")
def pharmacy(host: str, port: int) -> None:
    """Play the pharmacies: receive prescriptions as NCPDP SCRIPT and answer them. For demo and tests."""
    from chart.prescribing.simulator.server import main as serve

    serve(host, port)


@main.command()
@listens("telephone")
def telephone(host: str, port: int) -> None:
    """Play twilio's telephone calls, and show the telephones that are rung. For demo and tests."""
    from visits.phone.simulator.server import main as serve

    serve(host, port)


@main.command()
def migrate() -> None:
    """Bring the database's tables to this version.

    With CARETHREAD_ADMIN_DATABASE_URL (a role that may create roles) it first makes the database and the
    three roles that the other URLs name.
    """

    async def migrating() -> str:
        from app.tables import bring_up

        return await bring_up(os.environ["CARETHREAD_OWNER_DATABASE_URL"])

    click.echo(f"The database is at {_with_servers(migrating)}.")


@main.command()
def seed() -> None:
    """Fill an empty database with the demo clinic and its synthetic patients."""

    async def seeding() -> None:
        from app.demo.story.bundles import being_made

        # Begun before our own imports, which take as long as loading carebundle.
        async with being_made() as bundles:
            from app.demo.seed import seed as seed_demo
            from core.config import load_settings

            await seed_demo(load_settings(needs=_OWNER), bundles)

    _with_servers(seeding)


@main.command("create-admin")
@click.option(
    "--clinic",
    "slug",
    required=True,
    callback=_slug,
    help="The clinic's short name, as in its address /c/NAME.",
)
@click.option("--clinic-name", default="", help="Its full name, if the clinic is to be made.")
@click.option(
    "--time-zone",
    default="America/New_York",
    callback=_known_zone,
    show_default=True,
    help="Of a clinic that is made.",
)
@click.option(
    "--given-name", default="", help="The administrator's first name; not needed with a single name."
)
@click.option("--family-name", required=True, help="Their last name, or the only one.")
@click.option("--email", required=True, help="Where they receive mail and sign in with.")
@click.option("--port", type=int, help="Where `run` serves, if that is not where it did last.")
def create_admin(
    slug: str,
    clinic_name: str,
    time_zone: str,
    given_name: str,
    family_name: str,
    email: str,
    port: int | None,
) -> None:
    """Invite a clinic's first administrator, and print the link by which they set a password.

    The link begins with CARETHREAD_PUBLIC_URL; without it, with the address that `run` serves on this machine.
    """

    async def creating() -> str:
        from app.commands.create_admin import Admin, create_admin, served_at
        from app.home import Home
        from core.config import load_settings
        from identity.person.name import Name

        name = Name(given=given_name, family=family_name)
        os.environ["CARETHREAD_PUBLIC_URL"] = served_at(Home.from_environment(), port)
        return await create_admin(
            load_settings(needs=_OWNER), Admin(slug, clinic_name, time_zone, name, email)
        )

    click.echo(f"Open this once, and soon, to set a password: {_with_servers(creating)}")


@main.command("confirm-staff")
@click.option("--clinic", "slug", required=True, callback=_slug, help="The clinic's short name.")
@click.option("--email", required=True, help="The address that they sign in with.")
def confirm_staff(slug: str, email: str) -> None:
    """Confirm that changes to an account of the staff are right, so that it signs and prescribes again.

    For clinics in which nobody else can: a second person has to, and here it is you. Speak to them first.
    """

    async def confirming() -> list[str]:
        from app.commands.confirm_staff import confirm_staff
        from core.config import load_settings

        return await confirm_staff(load_settings(needs=_SYSTEM), slug, email)

    click.echo(f"Confirmed of {email}: {', '.join(_with_servers(confirming))}.")


@main.command("load-pharmacies")
@click.option("--clinic", "slug", required=True, callback=_slug, help="The clinic's short name.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_pharmacies(slug: str, file: Path) -> None:
    """Bring a clinic's directory of pharmacies up to date from a CSV file.

    Its columns: ncpdp_id, npi, name, line, city, state, zip, phone, fax. Known ones are changed, none is removed.
    """

    async def loading() -> int:
        from app.commands.load_pharmacies import load_pharmacies
        from core.config import load_settings

        return await load_pharmacies(load_settings(needs=_SYSTEM), slug, file)

    click.echo(f"{_with_servers(loading)} pharmacies are in the directory of {slug}.")


def _heads(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> list[Any]:
    from core.audit.anchors.anchor import parse_head

    heads = [parse_head(text, "--expect") for text in texts]
    if None in heads:
        raise click.BadParameter(
            "use batch:chain, as verify-audit prints it: a number and 64 hexadecimal digits."
        )
    return heads


@main.command("verify-audit")
@click.option(
    "--expect", "heads", multiple=True, callback=_heads, help="A head as printed earlier, batch:chain."
)
@click.option(
    "--anchors",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="A file of anchors, or of log lines that hold them.",
)
def verify_audit(heads: list[Any], files: tuple[Path, ...]) -> None:
    """Check that no audit record was changed, removed, inserted or reordered since it was sealed.

    Prints the head of the chain, which stands for all before it: keep it elsewhere and give it to --expect later. The
    places in CARETHREAD_AUDIT_ANCHORS are read too. Exits with 1 where the audit is not what it was, with 3 where
    something wants a look, such as a backdated record.
    """

    async def verifying() -> Any:
        from app.commands.verify_audit import verify_audit
        from core.config import load_settings

        return await verify_audit(load_settings(needs=_AUDIT), heads, files)

    verdict = _with_servers(verifying)
    for line in verdict.lines:
        click.echo(line, err=bool(verdict.problems))
    sys.exit(verdict.exit_code)


@main.command("verify-signatures")
def verify_signatures() -> None:
    """Check that every note, addendum and prescription still is what was signed. Exits with 1 where one is not."""

    async def verifying() -> Any:
        from chart.verification import verify
        from core.config import load_settings
        from core.services import open_services

        async with (
            open_services(load_settings(needs=_SYSTEM)) as services,
            services.system.connect() as connection,
        ):
            return await verify(connection, services.keyring.signer)

    report = _with_servers(verifying)
    if report.problems:
        raise click.ClickException("\n".join(["Signatures do not verify:", *report.problems]))
    click.echo(f"Everything signed verifies: {report.signed} documents.")


for command in (backups.backup, backups.restore, backups.drop_replaced):
    main.add_command(command)


@main.command("demo-reset")
def demo_reset() -> None:
    """Throw the demo clinic's data away and make it anew. Only for the database under CARETHREAD_HOME."""
    from app.commands.demo_reset import reset

    reset()


@main.command()
def routes() -> None:
    """List every route with its methods and the permission that it asks for."""
    from app.commands.describe import route_table

    click.echo(route_table())


@main.command()
def openapi() -> None:
    """Print the API's OpenAPI schema as JSON."""
    from app.commands.describe import openapi_json

    click.echo(openapi_json())


def _with_servers(work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Run `work` with its servers up and the environment telling where they are."""
    from app.home import Home
    from app.process.servers import running

    async def working() -> Answer:
        async with running(Home.from_environment(), lambda line: print(line, file=sys.stderr)) as environment:
            os.environ.update(environment)
            return await work()

    return asyncio.run(working())


if __name__ == "__main__":
    main()
