"""`carethread run`: the whole clinic on one machine, from an empty folder to printed addresses."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from app.commands import status
from app.home import Home
from app.process.console import Console
from app.process.processes import BY_NAME, DEMO_PARTS, PARTS, Part
from app.process.progress import Progress, SetupError
from app.process.roles import connect
from app.process.servers import Servers
from app.process.supervisor import Process, Supervisor
from chart.prescribing.medicines.fingerprint import fingerprint as drugs
from chart.terminology.files import fingerprint as icd10
from core.audit.anchors.targets import named_targets
from core.config import load_settings, signs_of_real_use
from core.migrations import head

HOST = "127.0.0.1"
VITE_PORT = 5173
PORT_FREED_WITHIN = 2.0
CHECKOUT = Path(__file__).resolve().parents[3]


# The index of the record is not waited for: the worker makes it anew.
_REFERENCE = (
    "SELECT string_agg(fingerprint, ' ' ORDER BY name) FROM terminology_release WHERE name <> 'record_search'"
)


class Clinic:
    """One run. `base_port` is the API's; the other parts listen on the ports that follow it."""

    def __init__(self, home: Home, base_port: int, *, dev: bool) -> None:
        self._base_port = base_port
        self._dev = dev
        self._servers = Servers(home)
        self._progress = Progress(sys.stdout)
        self._environment = {**self._servers.environment(), **self._addresses()}
        self._parts: tuple[Part, ...] = PARTS
        if self._rings_nobody():
            self._parts += DEMO_PARTS
            self._environment |= self._telephones()
        names = [part.name for part in self._parts]
        console = Console([*names, "postgres", "valkey", "vite"])
        self._supervisor = Supervisor(console.line, self._keep_states)

    async def run(self) -> None:
        """Run until a signal asks to stop. Raises SetupError when a part cannot be started; one that stops later is
        started again, however often."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # noqa: S101 - we are in one
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
        try:
            await self._start()
            await asyncio.gather(self._supervisor.watch(), self._follow_sources(), self._follow_codes())
        except asyncio.CancelledError:
            task.uncancel()
            self._progress.say("\nStopping…")
        finally:
            # Asked a second time, it no longer waits for anybody.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, self._supervisor.kill)
            await self._supervisor.stop()
            self._servers.home.parts.unlink(missing_ok=True)

    async def _start(self) -> None:
        began = time.monotonic()
        say, step = self._progress.say, self._progress.step
        check_demo_is_private(self._environment)
        check_settings({**os.environ, **self._environment})
        for part in self._parts:
            await check_port(part.name, part.port(self._base_port))
        with step("PostgreSQL and Valkey") as servers:
            embedded = self._servers.processes(say)
            await self._supervisor.start(*embedded)
            await self._servers.prepare()
            if not embedded:
                servers.skip("from the environment")
        with step("Database tables") as tables:
            if await self._is_migrated():
                tables.skip()
            else:
                await self._command("migrate")
        with step("Demo clinic") as demo:
            if self._environment["CARETHREAD_DEMO"] != "1":
                demo.skip("not wanted")
            elif await self._is_seeded():
                check_demo_is_whole(self._servers)
                demo.skip("kept")
            else:
                await self._command("seed")
        with step(", ".join(part.name for part in self._parts)):
            await self._supervisor.start(*(self._process(part) for part in self._parts), *self._vite())
        self._servers.home.address.write_text(self._environment["CARETHREAD_PUBLIC_URL"])
        say(await self._welcome())
        say(f"Ready in {time.monotonic() - began:.1f} s. Stop with Ctrl-C.\n")

    def _keep_states(self) -> None:
        status.keep(self._servers.home, self._supervisor.states())

    def _addresses(self) -> dict[str, str]:
        """Where each part is found, unless the environment says otherwise. `localhost` and not 127.0.0.1,
        because passkeys and cameras need a name that browsers trust."""
        page_port = VITE_PORT if self._dev else self._base_port
        ports = {part.name: part.port(self._base_port) for part in PARTS}
        found = {
            "CARETHREAD_PUBLIC_URL": f"http://localhost:{page_port}",
            "CARETHREAD_SIGNALING_URL": f"ws://localhost:{ports['signaling']}",
            "CARETHREAD_PROBE_URL": f"ws://localhost:{ports['probe']}",
            "CARETHREAD_PHARMACY_URL": f"http://{HOST}:{ports['pharmacy']}",
            "CARETHREAD_PHARMACY_CALLBACK_URL": f"http://{HOST}:{self._base_port}/api/script",
            "CARETHREAD_WEB_DIST": str(CHECKOUT / "web" / "dist"),
            "CARETHREAD_DEMO": _demo_by_default(),
            "CARETHREAD_LOG_LEVEL": "INFO" if self._dev else "WARNING",
        }
        return {name: os.environ.get(name) or value for name, value in found.items()}

    def _rings_nobody(self) -> bool:
        """A demo without an account at twilio: a double of twilio shows the telephones that would be rung."""
        return self._environment["CARETHREAD_DEMO"] == "1" and not os.environ.get(
            "CARETHREAD_TWILIO_AUTH_TOKEN"
        )

    def _telephones(self) -> dict[str, str]:
        """The double's address, and a token that it and we share for this run."""
        [telephone] = DEMO_PARTS
        return {
            "CARETHREAD_TWILIO_API_URL": f"http://{HOST}:{telephone.port(self._base_port)}",
            "CARETHREAD_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        }

    def _process(self, part: Part) -> Process:
        port = part.port(self._base_port)

        async def answers() -> bool:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                return False
            writer.close()
            return True

        return Process(
            name=part.name,
            command=(*_carethread(*part.command[1:]), *(("--port", str(port)) if port else ())),
            env=part.environment({**os.environ, **self._environment}),
            inherits=False,
            ready=answers if port else None,
        )

    def _vite(self) -> list[Process]:
        if not self._dev:
            return []
        command = ("npm", "--prefix", str(CHECKOUT / "web"), "run", "dev", "--", "--port", str(VITE_PORT))
        # A Node from a wheel lives beside this Python.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        env = {"PATH": path, "CARETHREAD_API_URL": f"http://{HOST}:{self._base_port}"}
        return [Process(name="vite", command=(*command, "--strictPort"), env=env)]

    async def _follow_sources(self) -> None:
        """In development, start every part again when a source file changes."""
        if not self._dev:
            return
        from watchfiles import PythonFilter, awatch

        async for _ in awatch(CHECKOUT / "platform", CHECKOUT / "signaling", watch_filter=PythonFilter()):
            self._supervisor.restart(*(part.name for part in self._parts))

    async def _welcome(self) -> str:
        from app.demo.welcome import welcome

        return await welcome(f"http://{HOST}:{self._base_port}", self._environment["CARETHREAD_PUBLIC_URL"])

    async def _follow_codes(self) -> None:
        """In a demo, show each one-time code when it is made."""
        if self._environment["CARETHREAD_DEMO"] == "1":
            from app.demo.cast.codes import follow

            await follow(f"http://{HOST}:{self._base_port}", self._progress.say)

    async def _is_migrated(self) -> bool:
        """Whether the newest migration has run, and the reference data is what came with this version."""
        return (
            await self._query("SELECT version_num FROM alembic_version") == head()
            and await self._query(_REFERENCE) == f"{drugs()} {icd10()}"
        )

    async def _is_seeded(self) -> bool:
        return await self._query("SELECT true FROM clinic LIMIT 1") is True

    async def _query(self, statement: str) -> object:
        """The first value of the answer; None if there is none, or no such table yet."""
        connection = await connect(self._environment["CARETHREAD_SYSTEM_DATABASE_URL"])
        try:
            return await connection.fetchval(statement)
        except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
            return None
        finally:
            await connection.close()

    async def _command(self, name: str) -> None:
        """Run a `carethread` command to its end. Raises SetupError with its last words."""
        child = await asyncio.create_subprocess_exec(
            *_carethread(name),
            env={**os.environ, **self._environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, err = await child.communicate()
        except asyncio.CancelledError:
            child.kill()
            raise
        if child.returncode:
            last = err.decode(errors="replace").strip().splitlines()[-5:]
            raise SetupError(f"carethread {name} failed:\n    " + "\n    ".join(last))


def _demo_by_default() -> str:
    """A demo, which shows everybody the codes to sign in with, but not where the world comes in or messages go out."""
    return "0" if signs_of_real_use(os.environ) else "1"


def check_demo_is_private(environment: Mapping[str, str]) -> None:
    """Raise SetupError for a demo that the world can reach, before anything is started."""
    real = signs_of_real_use(environment)
    if environment["CARETHREAD_DEMO"] == "1" and real:
        raise SetupError(
            "A demo shows everybody the codes to sign in with: leave CARETHREAD_DEMO out, or do without "
            f"{' and '.join(real)}."
        )


def check_settings(environment: Mapping[str, str]) -> None:
    """Raise SettingsError for settings with which a part would never start, before anything is started."""
    for part in (BY_NAME["api"], BY_NAME["worker"]):
        named_targets(load_settings(part.environment(environment), part.needs))


def check_demo_is_whole(servers: Servers) -> None:
    """Raise SetupError for what is left of a demo whose making was interrupted: it looks like one, and is not."""
    if servers.home.unfinished_demo.exists():
        again = "make demo-reset makes it anew" if servers.embeds_postgres else "start with an empty database"
        raise SetupError(f"The demo clinic is half made, its making was interrupted: {again}.")


async def check_port(name: str, port: int | None) -> None:
    """Raise SetupError when somebody else listens there. What a killed run left behind has a moment to go."""
    deadline = time.monotonic() + PORT_FREED_WITHIN
    while port is not None and not _is_free(port):
        if time.monotonic() > deadline:
            raise SetupError(
                f"Port {port}, which {name} needs, is in use by another program: "
                "stop that program, or choose another port with `make run PORT=9000`."
            )
        await asyncio.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _carethread(*arguments: str) -> tuple[str, ...]:
    """The `carethread` command of this very Python."""
    return (sys.executable, "-m", "app.cli", *arguments)


def run(base_port: int, *, dev: bool) -> None:
    """Run the clinic in CARETHREAD_HOME. Raises SetupError when that is not possible."""
    home = Home.from_environment()
    with home.owned():
        asyncio.run(Clinic(home, base_port, dev=dev).run())
