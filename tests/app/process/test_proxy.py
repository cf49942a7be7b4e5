"""deploy/haproxy.cfg as it is shipped, run by HAProxy before the API: what it lets through, and what it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.config import Settings
from core.database.session import open_unit
from core.services import Services, open_services
from scripts.haproxy import find_haproxy
from tests.app.process.sockets import Said, api, client, head, port_of
from tests.certificates import new_certificate, trusting
from tests.conftest import make_clinic_row
from tests.patience import PATIENCE
from tests.people import make_staff, session_for
from tests.ports import free_ports

pytestmark = pytest.mark.whole

CONFIG = Path(__file__).parents[3] / "deploy" / "haproxy.cfg"
POOL = 2
SOCKETS = 30
# More than the proxy holds back until the whole body is there.
BEGINNING = b" " * 40_000
LENGTH = "60000"


@dataclass
class Proxied:
    """The API behind the proxy; the token of a clinician who is signed in."""

    services: Services
    port: int
    token: str
    slug: str

    @property
    def origin(self) -> str:
        return self.services.settings.public_url

    @property
    def cookie(self) -> str:
        return f"__Host-carethread={self.token}"

    def browser(self) -> httpx.AsyncClient:
        headers = {"origin": self.origin, "cookie": self.cookie}
        url = f"https://127.0.0.1:{self.port}"
        return httpx.AsyncClient(base_url=url, headers=headers, verify=trusting(), timeout=PATIENCE)

    @property
    def in_use(self) -> int:
        return int(self.services.engine.pool.checkedout())  # type: ignore[attr-defined]  # it is a queue pool


def _config(certificates: Path, plain: int, secure: int, api_port: int) -> str:
    """The shipped file, with this machine's ports and folder in place of the containers'."""
    text = CONFIG.read_text()
    for shipped, here in (
        ("bind :8080\n", f"bind 127.0.0.1:{plain}\n"),
        ("bind :8443 ssl crt /certificates/ ", f"bind 127.0.0.1:{secure} ssl crt {certificates}/ "),
        ("server api api:8000\n", f"server api 127.0.0.1:{api_port}\n"),
        ("server signaling signaling:8001\n", f"server signaling 127.0.0.1:{plain}\n"),
    ):
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, here)
    return text


@pytest.fixture(scope="module")
async def proxied(
    settings: Settings, owner: AsyncEngine, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Proxied]:
    program = find_haproxy()
    assert program, "HAProxy is not installed: `make test` installs it, or says how"
    plain = free_ports(2)
    secure = plain + 1
    here = msgspec.structs.replace(
        settings,
        demo=False,
        public_url=f"https://127.0.0.1:{secure}",
        trusted_proxies=1,
        pool_size=POOL,
        # Slow clients are still there when everybody else has been served, however busy the machine is.
        request_seconds=PATIENCE,
    )
    folder = tmp_path_factory.mktemp("proxy")
    certificates = folder / "certificates"
    certificates.mkdir()
    (certificates / "clinic.pem").write_bytes(new_certificate())
    file = folder / "haproxy.cfg"
    clinic_id = await make_clinic_row(owner)
    async with open_services(here) as services, api(services) as server:
        async with open_unit(services, system_actor(clinic_id)) as unit:
            token = await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN))
        file.write_text(_config(certificates, plain, secure, port_of(server)))
        proxy = await asyncio.create_subprocess_exec(program, "-db", "-f", file)
        try:
            await _listens(proxy, secure)
            yield Proxied(services, secure, token, f"test-{clinic_id}")
        finally:
            proxy.terminate()
            await proxy.wait()


async def _listens(proxy: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            assert proxy.returncode is None, "the proxy does not take its configuration"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return


@pytest.mark.parametrize("who", ["a made-up cookie", "no cookie", "somebody signed in"])
async def test_bodies_that_do_not_come_take_nothing_from_others_through_the_proxy_either(
    proxied: Proxied, who: str
) -> None:
    """As soon as a body's beginning is over its buffer, the proxy passes it on."""
    cookies = {"a made-up cookie": f"__Host-carethread={'A' * 43}", "somebody signed in": proxied.cookie}
    cookie = {"cookie": cookies[who]} if who in cookies else {}
    path = f"/api/clinics/{proxied.slug}/codes"
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(client(proxied.port, ssl=trusting())) for _ in range(SOCKETS)]
        for each in slow:
            await each.send(head("POST", path, proxied.origin, content_length=LENGTH, **cookie) + BEGINNING)
        async with proxied.browser() as browser:
            assert (await browser.get("/health/ready")).status_code == 200
            assert (await browser.get("/api/session")).status_code == 200
            assert (await browser.post("/api/session/keep-alive")).status_code == 204
        assert proxied.in_use == 0


async def test_what_the_proxy_says_of_a_client_is_believed_and_what_the_client_says_is_not(
    proxied: Proxied,
) -> None:
    """Else whoever makes an address up for each request has as much room as they like."""
    path = f"/api/clinics/{proxied.slug}/codes"
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(client(proxied.port, ssl=trusting())) for _ in range(20)]
        for number, each in enumerate(slow):
            made_up = {"x_forwarded_for": f"203.0.113.{number}", "content_length": LENGTH}
            await each.send(head("POST", path, proxied.origin, **made_up) + BEGINNING)
        waiting = {asyncio.create_task(each.heard()) for each in slow}
        refused: set[asyncio.Task[Said]] = set()
        while len(refused) < 4:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            refused |= done
        assert {task.result().problem for task in refused} == {(429, "too_many_at_once")}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    assert len(refused) == 4


async def test_figures_are_not_for_the_world_and_pages_come_by_https(proxied: Proxied) -> None:
    async with proxied.browser() as browser:
        for path in ("/metrics", "/%6detrics", "/metrics/"):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.get("/health/live")).headers["strict-transport-security"]
    async with httpx.AsyncClient() as plain:
        moved = await plain.get(f"http://127.0.0.1:{proxied.port - 1}/c/harbor")
        assert (moved.status_code, moved.headers["location"]) == (
            308,
            f"https://127.0.0.1:{proxied.port - 1}/c/harbor",
        )
