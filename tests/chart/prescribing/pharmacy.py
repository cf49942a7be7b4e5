"""The pharmacy simulator as a process of its own, for tests to talk to over HTTP."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import PHARMACY_SECRET
from tests.ports import free_ports

STARTS_WITHIN = 120


class PharmacyProcess:
    """A running simulator. ``callback_url`` is where it sends Verify."""

    def __init__(self, home: Path, callback_url: str) -> None:
        self._home = home
        self._callback_url = callback_url
        self._process: asyncio.subprocess.Process | None = None
        self.port = free_ports()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.AsyncClient(
            base_url=self.url,
            headers={"authorization": f"Bearer {PHARMACY_SECRET}", "content-type": "application/xml"},
            timeout=STARTS_WITHIN,
        )

    async def start(self) -> None:
        """Returns when it answers."""
        env = {
            **os.environ,
            "PYTHONPATH": "platform",
            "CARETHREAD_HOME": str(self._home),
            "CARETHREAD_PHARMACY_SECRET": PHARMACY_SECRET,
            "CARETHREAD_PHARMACY_PORT": str(self.port),
            "CARETHREAD_PHARMACY_CALLBACK_URL": self._callback_url,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chart.prescribing.simulator.server", env=env
        )
        async with asyncio.timeout(STARTS_WITHIN):
            while not await self._listens():
                assert self._process.returncode is None, "the pharmacy does not start"
                await asyncio.sleep(0.02)

    async def _listens(self) -> bool:
        try:
            (await self.http.get("/control")).raise_for_status()
        except httpx.ConnectError:
            return False
        return True

    async def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def send(self, message: bytes) -> httpx.Response:
        return await self.http.post("/script", content=message)

    async def behave(self, mode: str, **fields: float) -> None:
        answer = await self.http.put(
            "/control", json={"mode": mode, **fields}, headers={"content-type": "application/json"}
        )
        answer.raise_for_status()

    async def counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = (await self.http.get("/control")).json()
        return counts


@asynccontextmanager
async def running_pharmacy(
    home: Path, callback_url: str = "http://127.0.0.1:9/none"
) -> AsyncIterator[PharmacyProcess]:
    """A simulator for as long as the block lasts."""
    process = PharmacyProcess(home, callback_url)
    await process.start()
    try:
        yield process
    finally:
        await process.http.aclose()
        await process.kill()
