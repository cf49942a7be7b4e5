"""The clinic of the drill: two API nodes, two signaling nodes, two workers, and all that they stand on."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.embedded import postgres, valkey
from app.embedded.account import server_account
from app.home import Home
from app.process.processes import BY_NAME
from app.process.roles import ensure_roles
from app.process.servers import DATABASE, ROLES
from app.process.supervisor import Process
from core.database.migrate import migrate
from tests.certificates import new_certificate
from tests.conftest import with_medicines
from tests.drill import proxy
from tests.drill.databases import Databases
from tests.drill.kept import Kept
from tests.pooler import new_pooler, reload
from tests.ports import free_ports

NODES = 2


class Cluster:
    """`environment` leads straight to PostgreSQL; the nodes go by way of the pooler."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        first = free_ports(2 * NODES + 3)
        self._api = list(range(first, first + NODES))
        self._signaling = list(range(first + NODES, first + 2 * NODES))
        self._plain, self.port, pooler_port = range(first + 2 * NODES, first + 2 * NODES + 3)
        self.databases = Databases(folder)
        self.pooler = new_pooler(folder / "pooler", pooler_port)
        self.kept: dict[str, list[Kept]] = {}
        self.certificate = folder / "clinic.pem"

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    async def start(self) -> None:
        self.certificate.write_bytes(new_certificate())
        await self.databases.start()
        environment = self.environment()
        urls = [environment[name] for name in ROLES]
        owner = environment["CARETHREAD_OWNER_DATABASE_URL"]
        urls.remove(owner)
        await ensure_roles(self._url("postgres", "postgres"), owner, *urls)
        await migrate(owner)
        await with_medicines(owner)
        await self.databases.add_replica()
        self.pooler.point_to(self.databases.home.sockets)
        through = self.pooler.let_in(environment)
        await self._keep("pgbouncer", self.pooler.process(self._log("pgbouncer")))
        await self._keep("valkey", valkey.process(self._home, server_account(), lambda line: None))
        nodes = {"api": self._api, "signaling": self._signaling, "worker": list(range(NODES))}
        await asyncio.gather(
            *(
                self._keep(name, *(self._part(name, port, through) for port in ports))
                for name, ports in nodes.items()
            )
        )
        file = self._folder / "haproxy.cfg"
        file.write_text(proxy.config(self.certificate, self._plain, self.port, self._api, self._signaling))
        await self._keep("haproxy", proxy.process(file, self.port, self._log("haproxy")))

    async def repoint(self) -> None:
        """Behind the pooler is another PostgreSQL now."""
        self.pooler.point_to(self.databases.home.sockets)
        reload(self.kept["pgbouncer"][0].pid)

    async def end(self) -> None:
        for kept in reversed([each for group in self.kept.values() for each in group]):
            await kept.end()
        await self.databases.end()

    def environment(self) -> dict[str, str]:
        secrets = self._home.secrets()
        return {
            **secrets,
            **{name: self._url(role, DATABASE) for name, role in ROLES.items()},
            "CARETHREAD_HOME": str(self._home.root),
            "REDIS_URL": valkey.url(self._home),
            "CARETHREAD_PUBLIC_URL": self.origin,
            "CARETHREAD_SIGNALING_URL": f"wss://localhost:{self.port}/signaling",
            "CARETHREAD_TRUSTED_PROXIES": "1",
            "CARETHREAD_LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PATH": os.environ.get("PATH", os.defpath),
        }

    @property
    def _home(self) -> Home:
        """Of the nodes: their files, their Valkey."""
        home = Home(self._folder / "nodes")
        if not home.root.exists():
            home.root.mkdir(mode=0o711)
            server_account().folder(home.sockets)
            (home.root / "secrets").write_bytes(self._first_secrets())
        return home

    def _first_secrets(self) -> bytes:
        self.databases.home.secrets()
        return self.databases.home.secrets_file.read_bytes()

    def _url(self, role: str, database: str) -> str:
        return postgres.url(self.databases.home, role, database)

    async def _keep(self, name: str, *processes: Process) -> None:
        self.kept[name] = [Kept(process) for process in processes]
        await asyncio.gather(*(kept.start() for kept in self.kept[name]))

    def _part(self, name: str, port: int, environment: dict[str, str]) -> Process:
        """Workers have a number where the others have a port."""
        part = BY_NAME[name]
        listens = part.port_offset is not None
        return Process(
            name=name,
            command=(
                sys.executable,
                "-m",
                "app.cli",
                *part.command[1:],
                *(("--port", str(port)) if listens else ()),
            ),
            env=part.environment(environment),
            inherits=False,
            log=self._log(f"{name}-{port}"),
            ready=_ready(port) if listens else None,
        )

    def _log(self, name: str) -> Path:
        return self._home.log(name)


def _ready(port: int) -> Callable[[], Awaitable[bool]]:
    """What the proxy asks. By hand, because it is asked often."""

    async def ready() -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: drill\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
        except OSError:
            return False
        writer.close()
        return b" 200 " in status

    return ready
