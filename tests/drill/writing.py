"""Writes of the drill: sent under a key until acknowledged, as the web's outbox does, and looked for at the end."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.certificates import trusting

PAUSE_SECONDS = 0.4
TRY_AGAIN_SECONDS = 0.25
# What means 'later': nobody answers in time, too many at once, or the node has no database.
LATER = frozenset({408, 429, 502, 503, 504})
JSON = dict[str, Any]
PULSE = "8867-4"
IN_A_CHART = 50


class Refused(AssertionError):
    """The clinic said no to a write, or that it does not know what happened."""


def browser(origin: str, cookie: str) -> httpx.AsyncClient:
    headers = {"origin": origin, "cookie": f"__Host-carethread={cookie}"}
    return httpx.AsyncClient(base_url=origin, headers=headers, verify=trusting(), timeout=10)


@dataclass
class Writer(ABC):
    """Somebody who writes the same kind of thing over and over. `body(mark)` is what is sent."""

    browser: httpx.AsyncClient
    path: str
    body: Callable[[str], JSON]
    acknowledged: list[str] = field(default_factory=list)
    tries: int = 0
    _stop: bool = False
    _last_began: float = 0.0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def write_on(self) -> None:
        """Until told to stop; what was begun is brought to its end."""
        while not self._stop:
            await self._write()
            await asyncio.sleep(PAUSE_SECONDS)

    def stop(self) -> None:
        self._stop = True

    async def has_written_since(self, moment: float) -> None:
        """Until something is acknowledged whose last try was begun after that."""
        while self._last_began <= moment:
            self._news.clear()
            await self._news.wait()

    def _next(self) -> str:
        """What the next one is known by."""
        return str(uuid4())

    @abstractmethod
    async def found(self) -> Counter[str]:
        """What is there, and how often."""

    def lost(self, found: Counter[str]) -> list[str]:
        """What was acknowledged and is not there exactly once."""
        return [mark for mark in self.acknowledged if found[mark] != 1]

    async def _write(self) -> None:
        mark = self._next()
        body, headers = self.body(mark), {"idempotency-key": str(uuid4())}
        while True:
            began = time.monotonic()
            self.tries += 1
            try:
                answer = await self.browser.post(self.path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(TRY_AGAIN_SECONDS)
                continue
            if answer.is_success:
                self.acknowledged.append(mark)
                self._last_began = began
                self._news.set()
                return
            if answer.status_code not in LATER:
                raise Refused(f"{self.path}: {answer.status_code} {answer.text}")
            await asyncio.sleep(TRY_AGAIN_SECONDS)


class Messages(Writer):
    """A patient, in a conversation."""

    async def found(self) -> Counter[str]:
        found: Counter[str] = Counter()
        before: int | None = None
        while True:
            query = {"before": before} if before else {}
            page = (await self.browser.get(self.path.removesuffix("/messages"), params=query)).json()
            found.update(each["body"] for each in page["messages"])
            before = page["earlier"]
            if not before:
                return found


class Attempts(Writer):
    """A clinician, who tries to reach a patient for a task."""

    async def found(self) -> Counter[str]:
        task = (await self.browser.get(self.path.removesuffix("/outreach"))).json()
        return Counter(each["note"] for each in task["outreach"])


class Pulses(Writer):
    """A clinician, who enters measurements: each is known by its time. Lists end, so one chart follows another."""

    def __init__(self, client: httpx.AsyncClient, patients: list[UUID]) -> None:
        super().__init__(client, "", self._measured)
        self._patients = patients
        self._first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        self._charts = 0

    async def found(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for patient in self._patients[: self._charts]:
            listed = (await self.browser.get(f"/api/patients/{patient}/measurements/{PULSE}")).json()
            assert not listed["more"]
            found.update(_moment(each["at"]) for each in listed["items"])
        return found

    def _next(self) -> str:
        number = len(self.acknowledged)
        if number % IN_A_CHART == 0:
            self.path = f"/api/patients/{self._patients[self._charts]}/vitals"
            self._charts += 1
        return (self._first + timedelta(seconds=number)).isoformat()

    def _measured(self, mark: str) -> JSON:
        return {"code": PULSE, "value": 72, "taken_at": mark}


def message(mark: str) -> JSON:
    return {"client_id": mark, "body": mark}


def attempt(mark: str) -> JSON:
    return {"channel": "phone", "outcome": "no_answer", "note": mark}


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()
