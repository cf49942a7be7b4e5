"""The demo clinic as a person runs it, by `make run`, in a home of the measurement's own."""

import asyncio
import atexit
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from playwright.async_api import Browser, Page
from sqlalchemy import select, text

from app.demo.cast.people import SLUG, DemoPatient, patients
from app.home import Home
from app.process.servers import running
from core.actor import Actor, Role, system_actor
from core.config import load_settings
from core.database.session import open_unit
from core.services import Services, open_services
from identity.models import Account, Patient
from identity.related.domain import ONESELF
from identity.related.models import RelatedPerson
from tests.e2e.conftest import ROOT
from tests.people import actor_of, session_for
from tests.ports import free_ports
from visits.domain import VisitStatus
from visits.models import Visit

READY_WITHIN = 600.0
STOPS_WITHIN = 30.0
_OVER = (VisitStatus.FINISHED, VisitStatus.CANCELLED, VisitStatus.NO_SHOW)


@dataclass(frozen=True)
class Started:
    """A clinic that is ready: its address, and the seconds from `make run` until it said so."""

    base: str
    took: float


@dataclass(frozen=True)
class Someone:
    """One of the demo's people with a session: who they are, and the cookie's value."""

    actor: Actor
    token: str


@dataclass(frozen=True)
class SomePatient(Someone):
    """`person` is what the demo made up of them."""

    person: DemoPatient


@dataclass(frozen=True)
class Demo:
    """The running demo: its address, services on its database, a clinician, and the patients without an open visit."""

    base: str
    environment: dict[str, str]
    services: Services
    clinician: Someone
    patients: list[SomePatient]


class _SeededHome:
    """Made by the first run that asks for it, kept for the others, removed when Python ends."""

    def __init__(self) -> None:
        self._path: Path | None = None

    async def path(self) -> Path:
        if self._path is None:
            path = _empty_folder()
            async with make_run(path):
                pass
            self._path = path
        return self._path


def _empty_folder() -> Path:
    """Short, because socket paths have to be; open to the servers' own account."""
    path = Path(mkdtemp(prefix="ct-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    path.chmod(0o755)
    return path


seeded_home = _SeededHome()


@asynccontextmanager
async def make_run(home: Path) -> AsyncIterator[Started]:
    """`make run` in this home, until it is ready; stopped as by Ctrl-C. Raises RuntimeError with what it said."""
    port = free_ports(5)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *("make", "run", f"PORT={port}"),
        cwd=ROOT,
        env={**_environment(), "CARETHREAD_HOME": str(home)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        await _ready(process)
        took = time.perf_counter() - began
        yield Started(f"http://localhost:{port}", took)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGINT)
        await asyncio.wait_for(process.communicate(), STOPS_WITHIN)


async def _ready(process: asyncio.subprocess.Process) -> None:
    """Read until it is ready. What little a running clinic says later fits into the pipe."""
    assert process.stdout is not None
    said = []
    async with asyncio.timeout(READY_WITHIN):
        async for line in process.stdout:
            said.append(line.decode())
            if said[-1].startswith("Ready in"):
                return
    raise RuntimeError("".join(said[-20:]))


def _environment() -> dict[str, str]:
    """Ours without what would lead to another clinic, and without the `make` that may have started us."""
    foreign = ("CARETHREAD_", "DATABASE_URL", "REDIS_URL", "MAKE", "MFLAGS")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


@asynccontextmanager
async def demo_clinic() -> AsyncIterator[Demo]:
    """The demo, running, and what a measurement needs of its people."""
    home = await seeded_home.path()
    async with make_run(home) as started, running(Home(home), lambda line: None) as found:
        environment = {**os.environ, **found, "CARETHREAD_PUBLIC_URL": started.base}
        async with open_services(load_settings(environment)) as services:
            clinician, people = await _people(services)
            yield Demo(started.base, environment, services, clinician, people)


async def _people(services: Services) -> tuple[Someone, list[SomePatient]]:
    async with services.system.connect() as connection:
        clinic_id = await connection.scalar(text("SELECT id FROM clinic WHERE slug = :slug"), {"slug": SLUG})
    by_phone = {person.phone: person for person in patients()}
    open_visits = select(Visit.patient_id).where(Visit.status.not_in(_OVER))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        doctors = select(Account).where(Account.roles.contains([str(Role.CLINICIAN)])).order_by(Account.email)
        doctor = (await unit.read.scalars(doctors)).all()[0]
        # Whoever acts for somebody else would have to say for whom first.
        others = select(RelatedPerson.account_id).where(
            RelatedPerson.account_id.is_not(None), RelatedPerson.relationship != ONESELF
        )
        alone = Patient.account_id.is_not(None) & Patient.account_id.not_in(others)
        free = (await unit.read.scalars(select(Patient).where(alone, Patient.id.not_in(open_visits)))).all()
        clinician = Someone(actor_of(doctor), await session_for(unit.write, doctor))
        people = [
            SomePatient(
                replace(actor_of(each), name=f"{each.given} {each.family}"),
                await session_for(unit.write, each),
                by_phone[each.phone or ""],
            )
            for each in free
        ]
    return clinician, people


async def open_page(browser: Browser, base: str, path: str, who: Someone, *, phone: bool = False) -> Page:
    """A page in a browser of somebody's own, signed in, with camera and microphone allowed."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        locale="en-US",
        permissions=["camera", "microphone"],
    )
    await context.add_cookies([{"name": "carethread", "value": who.token, "url": base}])
    page = await context.new_page()
    await page.goto(base + path)
    return page
