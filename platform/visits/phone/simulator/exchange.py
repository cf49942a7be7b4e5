"""The double's exchange: rings, asks for TwiML by signed requests, holds conferences, and tells how calls go."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import httpx
from defusedxml.ElementTree import fromstring
from twilio.request_validator import RequestValidator

from visits.phone.simulator.calls import Call, Does

_DETECTED: Mapping[str, str] = {"answer": "human", "machine": "machine_end_beep"}
_STATUS: Mapping[str, str] = {
    "busy": "busy",
    "no_answer": "no-answer",
    "wrong": "failed",
    "cancel": "canceled",
}
_HEARD = frozenset({200, 204})


@dataclass
class Conference:
    """Who is in it. Music plays until somebody is in who starts it; it is over when somebody leaves who ends it."""

    members: list[Call] = field(default_factory=list)
    started: bool = False


class Exchange:
    """Every call of one account. `pace` is how many seconds a telephone's owner takes for each step."""

    def __init__(self, sid: str, token: str, http: httpx.AsyncClient, pace: float = 0.0) -> None:
        self.sid = sid
        self.calls: dict[str, Call] = {}
        self.conferences: dict[str, Conference] = defaultdict(Conference)
        self.habits: dict[str, Does] = {}
        self.told: list[tuple[str, dict[str, str], str]] = []
        self._validator = RequestValidator(token)
        self._http = http
        self._pace = pace
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    def ring(self, call: Call) -> Call:
        """Take a call and ring its telephone."""
        self.calls[call.sid] = call
        task = asyncio.create_task(self._to_the_end(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return call

    def hang_up(self, call: Call) -> None:
        """Whoever has the telephone hangs up, or the API does."""
        call.acts.put_nowait("cancel")
        call.hung_up.set()

    def to(self, number: str) -> list[Call]:
        """The calls to a number, the newest first."""
        return [call for call in reversed(self.calls.values()) if call.to == number]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of the calls."""
        async with self._changed:
            await self._changed.wait_for(holds)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _to_the_end(self, call: Call) -> None:
        await self._run(call)
        call.done = True
        await self._note()

    async def _run(self, call: Call) -> None:
        await self._tell(call, "queued", "initiated")
        await asyncio.sleep(self._pace)
        await self._tell(call, "ringing", "ringing")
        does = await self._what_it_does(call)
        if does in _STATUS:
            await self._tell(call, _STATUS[does], "completed")
            return
        await self._tell(call, "in-progress", "answered")
        await asyncio.sleep(self._pace)
        if call.detects_machines:
            call.answered_by = _DETECTED[does]
        await self._obey(call, await self._ask(call))
        await self._tell(call, "completed", "completed")

    async def _what_it_does(self, call: Call) -> Does:
        """What the telephone's owner does: as they always do, or as is said while it rings."""
        habit = self.habits.get(call.to, "ring")
        if habit != "ring" and call.acts.empty():
            return habit
        try:
            return await asyncio.wait_for(call.acts.get(), call.timeout)
        except TimeoutError:
            return "no_answer"

    async def _obey(self, call: Call, document: Element | None) -> None:
        """Do what the TwiML says, until somebody hangs up."""
        for verb in () if document is None else document:
            if call.hung_up.is_set() or verb.tag == "Hangup":
                return
            if verb.tag == "Say":
                call.said.append(verb.text or "")
                await self._note()
            room = verb.find("Conference") if verb.tag == "Dial" else None
            if room is not None and room.text:
                await self._talk(call, room.text, room.attrib)

    async def _talk(self, call: Call, name: str, wants: Mapping[str, str]) -> None:
        conference = self.conferences[name]
        conference.members.append(call)
        conference.started = conference.started or wants.get("startConferenceOnEnter") != "false"
        call.conference = name
        await self._note()
        await call.hung_up.wait()
        conference.members.remove(call)
        call.conference = ""
        if wants.get("endConferenceOnExit") == "true":
            for other in conference.members:
                other.hung_up.set()
        await self._note()

    async def _tell(self, call: Call, status: str, event: str) -> None:
        """Change a call's status, and tell of it where that was asked for. What is over stays so."""
        if call.is_over:
            return
        call.status = status
        if call.status_callback and event in call.events:
            await self.post(call, call.status_callback)
        await self._note()

    async def _ask(self, call: Call) -> Element | None:
        """The TwiML for a telephone that was answered; None for an answer that is none."""
        answer = await self.post(call, call.url)
        return None if answer is None or answer.status_code not in _HEARD else fromstring(answer.content)

    async def post(self, call: Call, url: str) -> httpx.Response | None:
        """A signed webhook about a call. None if nobody answers."""
        fields = call.fields(len(self.told))
        signature = self._validator.compute_signature(url, fields)
        self.told.append((url, fields, signature))
        try:
            return await self._http.post(url, data=fields, headers={"x-twilio-signature": signature})
        except httpx.HTTPError:
            return None

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def listed(self, to: str, caller: str) -> list[dict[str, Any]]:
        """Calls as the API lists them, the newest first."""
        return [
            call.resource()
            for call in reversed(self.calls.values())
            if to in ("", call.to) and caller in ("", call.caller)
        ]
