"""The pharmacies at the other end of the wire, for demo and tests: a process of its own that speaks SCRIPT over HTTP.

It takes a NewRx, answers Status 010 at once and sends Verify (000) to the clinic a moment later, or answers Error
900 and says why. It never fills anything, and it can be told to misbehave.

Environment: CARETHREAD_HOME (where it remembers), CARETHREAD_PHARMACY_SECRET (both ways), CARETHREAD_PHARMACY_PORT,
CARETHREAD_PHARMACY_CALLBACK_URL (where Verify goes; by default the clinic's public address).
"""

import asyncio
import base64
import binascii
import hmac
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

import httpx
import msgspec
import uvicorn
from litestar import Litestar, Request, Response, get, post, put
from litestar.exceptions import NotAuthorizedException, NotFoundException

from chart.prescribing.medicines.tables import read_table
from chart.prescribing.script.build import to_xml
from chart.prescribing.script.messages import Error, Header, NewRx, Party, Status, Verify
from chart.prescribing.script.parse import from_xml
from chart.prescribing.script.schema import NotScript
from chart.prescribing.simulator.page import render
from chart.prescribing.simulator.store import Received, Store
from identity.person.check_digits import is_npi

XML = "application/xml"
DEFAULT_PORT = 8002
_TRIES = 6

Mode = Literal["normal", "late", "twice", "wrong", "silent", "lost", "error", "down"]


class Behaviour(msgspec.Struct, forbid_unknown_fields=True):
    """How to behave from now on.

    late: answer after ``seconds``. twice: send Verify twice. wrong: answer with another prescription's Status.
    silent: never Verify. lost: take the message and fail before answering. error: refuse everything. down: take
    nothing at all. ``verify_after``: seconds until Verify is sent.
    """

    mode: Mode = "normal"
    seconds: Annotated[float, msgspec.Meta(ge=0, le=120)] = 0
    verify_after: Annotated[float, msgspec.Meta(ge=0, le=120)] = 0.5


class Counts(msgspec.Struct):
    """How often each MessageID came, and whether the clinic took its Verify."""

    received: int
    duplicates: int
    verified: int
    times: dict[str, int]


class Simulator:
    """The pharmacies' memory and manners."""

    def __init__(self, store: Store, secret: str, callback_url: str, http: httpx.AsyncClient) -> None:
        self.store = store
        self.behaviour = Behaviour()
        self._secret = secret
        self._callback_url = callback_url
        self._http = http
        self._names = {row["ncpdp_id"]: row["name"] for row in read_table("pharmacies")}
        self._tasks: set[asyncio.Task[None]] = set()

    def admits(self, authorization: str) -> bool:
        """Whether the header carries the secret: Bearer for machines, Basic (any name) for a browser."""
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                value = base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return False
        elif scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(value.encode(), self._secret.encode())

    async def receive(self, data: bytes) -> tuple[int, bytes]:
        """Answer one message: HTTP status and XML."""
        behaviour = self.behaviour
        if behaviour.mode == "down":
            return 503, b""
        try:
            message = from_xml(data)
        except NotScript as reason:
            return 400, to_xml(Error(header=_unaddressed(), code="601", description=str(reason)[:70]))
        if not isinstance(message, NewRx):
            refused = self._refusal(message.header, "Only NewRx is taken here")
            return 200, to_xml(refused)
        known = self.store.get(message.header.message_id)
        kept = self.store.take(self._answered(message, behaviour))
        if known is None and kept.verify:
            self._later(self._verify(kept, behaviour.verify_after, twice=behaviour.mode == "twice"))
        if behaviour.mode == "late":
            await asyncio.sleep(behaviour.seconds)
        if behaviour.mode == "lost":
            return 502, b""
        if behaviour.mode == "wrong":
            header = msgspec.structs.replace(
                message.header.answered(datetime.now(UTC)), relates_to=uuid4().hex
            )
            return 200, to_xml(Status(header=header, code="010"))
        return 200, kept.answer

    def _answered(self, message: NewRx, behaviour: Behaviour) -> Received:
        """What is to be remembered of a new message: its answer, and the Verify that follows."""
        medication, pharmacy = message.medication, message.pharmacy
        answer: Status | Error
        verify = None
        wrong = (
            "The pharmacy is closed to new prescriptions"
            if behaviour.mode == "error"
            else self._fault(message)
        )
        if wrong:
            answer = self._refusal(message.header, wrong)
        else:
            answer = Status(header=message.header.answered(datetime.now(UTC)), code="010")
            if behaviour.mode != "silent":
                verify = to_xml(
                    Verify(
                        header=message.header.answered(datetime.now(UTC)), code="000", description="Received"
                    )
                )
        return Received(
            message_id=message.header.message_id,
            at=datetime.now(UTC),
            pharmacy=self._names.get(pharmacy.ncpdp_id, pharmacy.name),
            summary=f"{medication.description}, {medication.quantity}. {medication.sig}",
            answer=to_xml(answer),
            verify=verify,
        )

    def _fault(self, message: NewRx) -> str:
        """Why a pharmacist could not fill it, or ''."""
        if message.header.to.id != message.pharmacy.ncpdp_id or message.header.to.id not in self._names:
            return "No such pharmacy"
        if not is_npi(message.prescriber.npi):
            return "The prescriber's NPI is not valid"
        if message.patient.birth_date > datetime.now(UTC).date():
            return "The patient's birth date is in the future"
        return ""

    def _refusal(self, header: Header, why: str) -> Error:
        return Error(
            header=header.answered(datetime.now(UTC)), code="900", description_code="000", description=why
        )

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _verify(self, message: Received, wait: float, *, twice: bool = False) -> None:
        """Tell the clinic that the pharmacy has it, until the clinic has taken that."""
        await asyncio.sleep(wait)
        for attempt in range(_TRIES):
            if await self._send(message):
                if twice:
                    await self._send(message)
                self.store.mark_verified(message.message_id)
                return
            await asyncio.sleep(2**attempt)

    async def _send(self, message: Received) -> bool:
        headers = {"authorization": f"Bearer {self._secret}", "content-type": XML}
        try:
            answer = await self._http.post(self._callback_url, content=message.verify, headers=headers)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def resume(self) -> None:
        """After a restart: send what the last run had not sent."""
        for message in self.store.unverified():
            self._later(self._verify(message, 0))

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def counts(self) -> Counts:
        messages = self.store.all()
        return Counts(
            received=len(messages),
            duplicates=sum(message.times - 1 for message in messages),
            verified=sum(message.verified for message in messages),
            times={message.message_id: message.times for message in messages},
        )


def _unaddressed() -> Header:
    """A header for answering what could not be read."""
    nobody = Party("P", "unknown")
    return Header(to=Party("C", "unknown"), sender=nobody, message_id=uuid4().hex, sent_at=datetime.now(UTC))


def _simulator(request: Request[Any, Any, Any]) -> Simulator:
    """The simulator, for those who know the secret. Raises NotAuthorizedException."""
    simulator: Simulator = request.app.state.simulator
    if not simulator.admits(request.headers.get("authorization", "")):
        raise NotAuthorizedException(headers={"WWW-Authenticate": 'Basic realm="pharmacy"'})
    return simulator


@post("/script", status_code=200)
async def receive(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take one SCRIPT message."""
    status, answer = await _simulator(request).receive(await request.body())
    return Response(answer, status_code=status, media_type=XML)


@get("/script/{message_id:str}")
async def answer_given(request: Request[Any, Any, Any], message_id: str) -> Response[bytes]:
    """What was answered to a message: its Verify once there is one, else its Status or Error. 404 if it never came."""
    known = _simulator(request).store.get(message_id)
    if known is None:
        raise NotFoundException
    return Response(known.verify or known.answer, media_type=XML)


@put("/control")
async def control(request: Request[Any, Any, Any], data: Behaviour) -> Behaviour:
    """Behave like this from now on."""
    _simulator(request).behaviour = data
    return data


@get("/control")
async def counts(request: Request[Any, Any, Any]) -> Counts:
    """What has come so far."""
    return _simulator(request).counts()


@get("/", media_type="text/html")
async def page(request: Request[Any, Any, Any]) -> str:
    """The list of what came."""
    simulator = _simulator(request)
    return render(simulator.store.all(), simulator.behaviour.mode)


def build(home: Path, secret: str, callback_url: str) -> Litestar:
    """The application; it remembers under ``home``."""

    @asynccontextmanager
    async def working(app: Litestar) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=5) as http:
            simulator = Simulator(Store(home / "pharmacy" / "messages.jsonl"), secret, callback_url, http)
            app.state.simulator = simulator
            simulator.resume()
            yield
            simulator.stop()

    return Litestar(
        [receive, answer_given, control, counts, page],
        lifespan=[working],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=256 * 1024,
    )


def main(host: str = "127.0.0.1", port: int | None = None) -> None:
    """``carethread pharmacy``."""
    secret = os.environ.get("CARETHREAD_PHARMACY_SECRET")
    if not secret:
        print("carethread pharmacy: Set CARETHREAD_PHARMACY_SECRET in the environment.", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    public_url = os.environ.get("CARETHREAD_PUBLIC_URL", "http://127.0.0.1:8000")
    app = build(
        Path(os.environ.get("CARETHREAD_HOME", ".carethread")),
        secret,
        os.environ.get("CARETHREAD_PHARMACY_CALLBACK_URL", f"{public_url}/api/script"),
    )
    uvicorn.run(
        app,
        host=host,
        port=port or int(os.environ.get("CARETHREAD_PHARMACY_PORT", DEFAULT_PORT)),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
