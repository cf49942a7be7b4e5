"""Where health data and secrets must not be: everything there is to search, as text."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Iterable
from urllib.parse import urlsplit

import asyncpg
from playwright.async_api import Page

from app.embedded import postgres, valkey
from app.home import Home
from tests.e2e.people import Clinic

STORED = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), JSON.stringify(history.state),
    document.cookie, location.href, document.referrer];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
      opening.onerror = failed;
    });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store).getAll();
      found.push(JSON.stringify(await new Promise((done) => { all.onsuccess = () => done(all.result); })));
    }
    database.close();
  }
  return found.join('\\n');
}"""


def forms(secret: str) -> Iterable[str]:
    """A word as it stands, and as it looks inside of base64 or hexadecimal."""
    yield secret
    raw = secret.encode()
    yield raw.hex()
    for shift in range(3):
        # The ends depend on what stands before and behind.
        yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4].decode()


def hits(text: str, secrets: Iterable[str]) -> list[str]:
    """Where any of these is found, with some of what stands around it."""
    return [
        text[max(0, at - 80) : at + 80]
        for secret in secrets
        for form in forms(secret)
        if (at := text.find(form)) >= 0
    ]


async def stored(page: Page) -> str:
    """All that the page's origin keeps in this browser."""
    text: str = await page.evaluate(STORED)
    return text


class Valkey:
    """Everything that anybody told Valkey while this was open, and all that it holds at the end."""

    def __init__(self) -> None:
        self.told = b""

    @classmethod
    @contextlib.asynccontextmanager
    async def overheard(cls, clinic: Clinic) -> AsyncIterator["Valkey"]:
        made = cls()
        where = urlsplit(valkey.url(Home(clinic.home)))
        reader, writer = await asyncio.open_unix_connection(where.path)
        writer.write(f"AUTH {where.password}\r\nMONITOR\r\n".encode())
        assert await reader.readline() + await reader.readline() == b"+OK\r\n+OK\r\n"

        async def listen() -> None:
            while chunk := await reader.read(1 << 16):
                made.told += chunk

        listening = asyncio.create_task(listen())
        try:
            yield made
        finally:
            listening.cancel()
            writer.close()


async def of_the_system(clinic: Clinic) -> dict[str, str]:
    """Logs, what waits to be delivered, and what is told to browsers and to monitoring."""
    logs = [clinic.home / "run.log", *(clinic.home / "logs").iterdir()]
    found = {path.name: path.read_text(errors="replace") for path in logs}
    async with clinic.client() as client:
        found["metrics"] = (await client.get("/metrics")).text
    connection = await asyncpg.connect(postgres.url(Home(clinic.home), postgres.SUPERUSER, "carethread"))
    try:
        for table in ("outbox", "inbox", "live_event"):
            rows = await connection.fetch(f"SELECT each::text FROM {table} each")  # noqa: S608  names of our own
            found[table] = "\n".join(row[0] for row in rows)
    finally:
        await connection.close()
    return found
