"""deploy/haproxy.cfg as it is shipped, before two nodes of each kind on this machine."""

import asyncio
from pathlib import Path

from app.process.supervisor import Process
from scripts.haproxy import find_haproxy

SHIPPED = Path(__file__).parents[2] / "deploy" / "haproxy.cfg"


def config(certificate: Path, plain: int, secure: int, api: list[int], signaling: list[int]) -> str:
    """The shipped file with ports of this machine, and two servers where it has one, as docs/production.md says."""
    text = SHIPPED.read_text()
    for shipped, here in (
        ("bind :8080\n", f"bind 127.0.0.1:{plain}\n"),
        ("bind :8443 ssl crt /certificates/ ", f"bind 127.0.0.1:{secure} ssl crt {certificate} "),
        ("    server api api:8000\n", _servers("api", api)),
        ("    server signaling signaling:8001\n", _servers("signaling", signaling)),
    ):
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, here)
    return text


def _servers(name: str, ports: list[int]) -> str:
    return "".join(
        f"    server {name}{number} 127.0.0.1:{port}\n" for number, port in enumerate(ports, start=1)
    )


def process(file: Path, port: int, log: Path) -> Process:
    program = find_haproxy()
    assert program, "HAProxy is not installed: `make test` installs it, or says how"
    return Process(
        name="haproxy", command=(str(program), "-db", "-f", str(file)), log=log, ready=listens(port)
    )


def listens(port: int):  # type: ignore[no-untyped-def]  # what Process.ready is
    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return answers
