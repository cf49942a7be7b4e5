"""Text messages by twilio's own client, to a server that speaks as twilio does: what leaves, and what becomes of it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import text
from twilio.base.exceptions import TwilioRestException

from app import figures
from app.registry import all_subscribers
from core.actor import system_actor
from core.clock import FrozenClock
from core.config import Settings
from core.db import open_unit
from core.relay import deliver, drain
from core.services import Services
from identity import people
from messaging import twilio_sms
from messaging.carriers import Refused
from messaging.notices import Notice
from messaging.twilio_sms import TwilioSms
from tests.people import make_patient

NOTICE = Notice("Your sign-in code", "482913 is your code")
SID, TOKEN, FROM = "AC00000000000000000000000000000000", "a twilio token", "+12125550100"


@dataclass
class Twilio:
    """Answers with `status` and keeps what it was asked: the path, who asked, the form's fields."""

    status: int = 201
    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        credentials = head.split("Authorization: Basic ")[1].split("\r\n")[0]
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append((head.split()[1], base64.b64decode(credentials).decode(), form))
        if self.status == 0:
            return  # says nothing, ever
        said = (
            {"sid": "SM1"} if self.status == 201 else {"code": 21211, "message": "no", "status": self.status}
        )
        answer = json.dumps(said).encode()
        writer.write(f"HTTP/1.1 {self.status} x\r\ncontent-length: {len(answer)}\r\n".encode())
        writer.write(b"content-type: application/json\r\n\r\n" + answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(status: int = 201) -> AsyncIterator[Twilio]:
    made = Twilio(status)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    async with listening() as made:
        yield made


def pointed_at(settings: Settings, twilio: Twilio) -> Settings:
    return msgspec.structs.replace(
        settings,
        demo=False,
        twilio_account_sid=SID,
        twilio_auth_token=TOKEN,
        twilio_from=FROM,
        twilio_api_url=twilio.url,
    )


async def test_a_text_message_leaves_as_twilio_takes_it(settings: Settings, twilio: Twilio) -> None:
    assert await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE) == "SM1"
    [(path, credentials, form)] = twilio.asked
    assert path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert credentials == f"{SID}:{TOKEN}"
    assert form == {"To": "+12125550142", "From": FROM, "Body": NOTICE.text}


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (404, Refused), (429, TwilioRestException), (500, TwilioRestException)],
)
async def test_what_twilio_refuses_for_good_is_told_from_what_may_go_later(
    settings: Settings, status: int, error: type[Exception]
) -> None:
    async with listening(status) as twilio:
        with pytest.raises(error):
            await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE)


async def test_a_twilio_that_says_nothing_holds_nobody_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_sms, "SECONDS", 0.2)
    async with listening(status=0) as twilio, asyncio.timeout(10):
        with pytest.raises(TimeoutError):
            await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE)
    assert len(twilio.asked) == 1


@pytest.fixture
def sending(services: Services, settings: Settings, twilio: Twilio) -> Services:
    """The worker of an installation that has an account with twilio."""
    return replace(services, settings=pointed_at(settings, twilio))


async def test_a_code_goes_out_in_the_language_of_who_asked_and_names_nobody(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    async with open_unit(sending, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write, given="Zoraida", family="Quintanilla")
    asked = await client.post(
        f"/api/clinics/test-{clinic_id}/codes", json={"contact": patient.phone, "locale": "es"}
    )
    assert asked.status_code == 201, asked.text
    await drain(sending, all_subscribers(), clinic_id)
    [(_, _, form)] = twilio.asked
    assert form["To"] == patient.phone
    assert "es su código para Test Clinic" in form["Body"]
    assert "Zoraida" not in form["Body"] and "Quintanilla" not in form["Body"]
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]


async def test_what_twilio_could_not_take_goes_out_later_once_and_what_it_refuses_is_kept_as_failed(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    subscribers = all_subscribers()
    await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550143"})
    twilio.status = 500
    with pytest.raises(RuntimeError, match=r"notification\.queued"):
        await drain(sending, subscribers, clinic_id)
    assert await _kept(sending, clinic_id) == [("queued", None, None)]
    twilio.status = 201
    waiting = await _waiting(sending, clinic_id)
    for _ in range(3):
        await deliver(sending, subscribers, waiting)
    assert len(twilio.asked) == 2
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]

    twilio.status = 400
    await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550144"})
    await drain(sending, subscribers, clinic_id)
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None), ("failed", None, "21211")]


@pytest.mark.parametrize("what", ["code", "invite"])
async def test_what_has_expired_while_the_carrier_was_out_is_not_sent_any_more(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio, what: str
) -> None:
    if what == "code":
        await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550145"})
    else:
        async with open_unit(sending, system_actor(clinic_id)) as unit:
            form = people.Form(name="Kai Moss", email="kai@clinic.example", roles=["coordinator"])
            await people.invite(unit.write, form)
        sending = replace(sending, settings=_mailing_to_nobody(sending.settings))
    twilio.status = 500
    with pytest.raises(RuntimeError, match=r"notification\.queued"):
        await drain(sending, all_subscribers(), clinic_id)
    asked, waiting = len(twilio.asked), await _waiting(sending, clinic_id)

    twilio.status = 201
    later = replace(sending, clock=FrozenClock(sending.clock.now() + timedelta(days=8)))
    await deliver(later, all_subscribers(), waiting)
    assert len(twilio.asked) == asked
    assert await _kept(sending, clinic_id) == [("failed", None, "expired")]


def _mailing_to_nobody(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, smtp_url="smtp://127.0.0.1:1")


async def test_what_nothing_carries_is_no_message_that_was_sent_and_the_operator_sees_it(
    sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    """An invitation where no mail server is configured."""
    before = (await figures.exposition(sending)).decode()
    async with open_unit(sending, system_actor(clinic_id)) as unit:
        form = people.Form(name="Kai Moss", email="kai@clinic.example", roles=["coordinator"])
        await people.invite(unit.write, form)
    await drain(sending, all_subscribers(), clinic_id)
    assert await _kept(sending, clinic_id) == [("failed", None, "no_carrier")]
    after = (await figures.exposition(sending)).decode()
    assert _failed(after) == _failed(before) + 1


def _failed(exposition: str) -> float:
    [line] = [line for line in exposition.splitlines() if line.startswith("carethread_notices_failed ")]
    return float(line.split()[1])


async def _kept(services: Services, clinic_id: UUID) -> list[tuple[Any, ...]]:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        rows = await unit.read.execute(
            text("SELECT status, provider_id, failure FROM notification ORDER BY created_at, id")
        )
        return [tuple(row) for row in rows]


async def _waiting(services: Services, clinic_id: UUID) -> UUID:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        found: UUID = await unit.read.scalar(text("SELECT id FROM outbox WHERE done_at IS NULL"))
        return found
