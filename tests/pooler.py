"""deploy/pgbouncer.ini as it is shipped, run by PgBouncer before a PostgreSQL of this machine."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.embedded.account import server_account
from app.process.supervisor import Process
from scripts.pgbouncer import find_pgbouncer

SHIPPED = Path(__file__).parents[1] / "deploy" / "pgbouncer.ini"
ROLES = ("DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL")


@dataclass(frozen=True)
class Pooler:
    """One PgBouncer, with its files in `folder`, listening on a socket there. `servers` is how many connections to
    PostgreSQL it opens for each role: fewer than there are clients, so that they take turns with them."""

    folder: Path
    port: int
    servers: int = 40

    def point_to(self, sockets: Path) -> None:
        """Write the file for the PostgreSQL that listens in this folder. One that runs wants a SIGHUP then."""
        text = SHIPPED.read_text()
        for shipped, here in (
            ("host=postgres port=5432 ", f"host={sockets} port=5432 "),
            ("listen_addr = 0.0.0.0\nlisten_port = 6432\n", f"listen_port = {self.port}\n"),
            ("unix_socket_dir =\n", f"unix_socket_dir = {self.folder}\n"),
            ("/etc/pgbouncer/userlist.txt", str(self._users)),
            ("default_pool_size = 40", f"default_pool_size = {self.servers}"),
        ):
            assert text.count(shipped) == 1, shipped
            text = text.replace(shipped, here)
        server_account().write(self._config, text)

    def let_in(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment with the databases' addresses leading through it, whose roles it lets in from now on."""
        urls = {name: urlsplit(environment[name]) for name in ROLES}
        server_account().write(
            self._users, "".join(f'"{url.username}" "{url.password}"\n' for url in urls.values())
        )
        through = {
            name: url._replace(query=f"host={self.folder}&port={self.port}").geturl()
            for name, url in urls.items()
        }
        return {**environment, **through, "CARETHREAD_TRANSACTION_POOLING": "1"}

    def process(self, log: Path | None = None) -> Process:
        program = find_pgbouncer()
        assert program, "PgBouncer is not installed: `make test` installs it, or says how"
        socket = self.folder / f".s.PGSQL.{self.port}"

        async def ready() -> bool:
            try:
                _, writer = await asyncio.open_unix_connection(socket)
            except OSError:
                return False
            writer.close()
            return True

        return Process(
            name="pgbouncer",
            command=(str(program), str(self._config)),
            user=server_account().user,
            log=log,
            ready=ready,
            # At once; SIGINT would wait for transactions.
            stop=signal.SIGTERM,
        )

    @property
    def _config(self) -> Path:
        return self.folder / "pgbouncer.ini"

    @property
    def _users(self) -> Path:
        return self.folder / "userlist.txt"


def new_pooler(folder: Path, port: int, servers: int = 40) -> Pooler:
    """With a folder of its own, which its account may enter."""
    folder.mkdir(mode=0o711, exist_ok=True)
    server_account().folder(folder)
    return Pooler(folder, port, servers)


def sockets_of(url: str) -> Path:
    """The folder in which the PostgreSQL of an address listens."""
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def reload(pid: int) -> None:
    """Let it read its file again."""
    os.kill(pid, signal.SIGHUP)
