"""Text messages by twilio's own client, to a server that speaks as twilio does: what leaves, and what becomes of it."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from twilio.base.exceptions import TwilioRestException

from app import figures
from app.registry import all_subscribers
from core.actor import system_actor
from core.clock import FrozenClock
from core.config import Settings
from core.database.session import open_unit
from core.events.relay import drain
from core.services import Services
from identity.person.name import Name
from identity.staff import people
from messaging.notices import notify, twilio_sms
from messaging.notices import sending as sending_module
from messaging.notices.carrier import Refused
from messaging.notices.sending import LEASE, claim, send_due
from messaging.notices.texts import Notice
from messaging.notices.twilio_sms import TwilioSms
from tests.patience import PATIENCE
from tests.people import make_patient

NOTICE = Notice("Your sign-in code", "482913 is your code")
SID, TOKEN, FROM = "AC00000000000000000000000000000000", "a twilio token", "+12125550100"


@dataclass
class Twilio:
    """Answers with `status` and keeps what it was asked: the path, who asked, the form's fields.

    `taken` are the messages that it took. Of the next `lost` of them the sender hears nothing.
    """

    status: int = 201
    url: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    lost: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.go_on.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        if head.startswith("GET"):
            await self._answer(writer, 200, {"messages": self._of(head.split()[1])})
            return
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        credentials = head.split("Authorization: Basic ")[1].split("\r\n")[0]
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append((head.split()[1], base64.b64decode(credentials).decode(), form))
        self.arrived.set()
        self.numbers.put_nowait(form["To"])
        if self.status == 0:
            return  # says nothing, ever
        await self.go_on.wait()
        if self.status != 201:
            said: dict[str, Any] = {"code": 21211, "message": "no", "status": self.status}
            await self._answer(writer, self.status, said)
            return
        said = {"sid": f"SM{len(self.taken) + 1}", "to": form["To"], "body": form["Body"], "status": "sent"}
        self.taken.append(said)
        if self.lost:
            self.lost -= 1
            writer.close()
            return
        await self._answer(writer, 201, said)

    def _of(self, path: str) -> list[dict[str, str]]:
        [to] = parse_qs(path.partition("?")[2])["To"]
        return [each for each in reversed(self.taken) if each["to"] == to]

    async def _answer(self, writer: asyncio.StreamWriter, status: int, said: dict[str, Any]) -> None:
        answer = json.dumps(said).encode()
        writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: {len(answer)}\r\n".encode())
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
    assert await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE, uuid4()) == "SM1"
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
            await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE, uuid4())


async def test_a_twilio_that_says_nothing_holds_nobody_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_sms, "SECONDS", 0.2)
    async with listening(status=0) as twilio, asyncio.timeout(10):
        with pytest.raises(TimeoutError):
            await TwilioSms(pointed_at(settings, twilio)).send("+12125550142", NOTICE, uuid4())
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
    await _bring_out(sending, clinic_id)
    [(_, _, form)] = twilio.asked
    assert form["To"] == patient.phone
    assert "es su código para Test Clinic" in form["Body"]
    assert "Zoraida" not in form["Body"] and "Quintanilla" not in form["Body"]
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]


async def test_what_twilio_could_not_take_goes_out_later_once_and_what_it_refuses_is_kept_as_failed(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550143"})
    twilio.status = 500
    await _bring_out(sending, clinic_id)
    assert await _kept(sending, clinic_id) == [("sending", None, None)]
    twilio.status = 201
    assert await send_due(sending, clinic_id) == 0, "not at once"
    for minutes in (1, 2, 3):
        await send_due(_later(sending, timedelta(minutes=minutes)), clinic_id)
    assert len(twilio.asked) == 2
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]

    twilio.status = 400
    await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550144"})
    await _bring_out(sending, clinic_id)
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None), ("failed", None, "21211")]


@pytest.mark.parametrize("what", ["code", "invite"])
async def test_what_has_expired_while_the_carrier_was_out_is_not_sent_any_more(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio, what: str
) -> None:
    if what == "code":
        await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": "+12125550145"})
    else:
        async with open_unit(sending, system_actor(clinic_id)) as unit:
            form = people.Form(
                name=Name(given="Kai", family="Moss"), email="kai@clinic.example", roles=["coordinator"]
            )
            await people.invite(unit.write, form)
        sending = replace(sending, settings=_mailing_to_nobody(sending.settings))
    twilio.status = 500
    await _bring_out(sending, clinic_id)
    asked = len(twilio.asked)

    twilio.status = 201
    await send_due(_later(sending, timedelta(days=8)), clinic_id)
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
        form = people.Form(
            name=Name(given="Kai", family="Moss"), email="kai@clinic.example", roles=["coordinator"]
        )
        await people.invite(unit.write, form)
    await _bring_out(sending, clinic_id)
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


async def _bring_out(services: Services, clinic_id: UUID) -> None:
    """The worker's part: what happened becomes notices, and each is tried once."""
    await drain(services, all_subscribers(), clinic_id)
    await send_due(services, clinic_id)


def _later(services: Services, by: timedelta) -> Services:
    return replace(services, clock=FrozenClock(services.clock.now() + by))


async def _ask_code(client: httpx.AsyncClient, clinic_id: UUID, contact: str = "+12125550146") -> None:
    asked = await client.post(f"/api/clinics/test-{clinic_id}/codes", json={"contact": contact})
    assert asked.status_code == 201, asked.text


async def test_a_reply_that_is_lost_does_not_send_the_message_again(
    client: httpx.AsyncClient, sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    await _ask_code(client, clinic_id)
    twilio.lost = 1
    await _bring_out(sending, clinic_id)
    assert await _kept(sending, clinic_id) == [("sending", None, None)]
    await send_due(_later(sending, timedelta(minutes=1)), clinic_id)
    assert len(twilio.taken) == 1
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]


async def test_a_notice_with_the_same_words_as_one_that_was_sent_is_not_taken_for_it(
    sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    """Two messages in one conversation make two notices of the same text to the same number."""
    for _ in range(2):
        await _queue_words(sending, clinic_id)
    first, second = await claim(sending, "sms", clinic_id=clinic_id)
    await sending_module.deliver(sending, first)
    twilio.status = 500
    with suppress(TwilioRestException):
        await sending_module.deliver(sending, second)
    twilio.status = 201
    await send_due(_later(sending, LEASE), clinic_id)
    earlier, later = twilio.taken
    assert earlier["body"] == later["body"]
    assert set(await _kept(sending, clinic_id)) == {("sent", "SM1", None), ("sent", "SM2", None)}


async def test_a_reply_that_comes_after_the_lease_and_one_that_comes_twice_change_nothing(
    sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    """The first worker hangs; another one takes the notice up, and then the first hears its answer after all."""
    await _queue_words(sending, clinic_id)
    [slow] = await claim(sending, "sms", clinic_id=clinic_id)
    twilio.go_on.clear()
    hanging = asyncio.create_task(sending_module.deliver(sending, slow))
    await asyncio.wait_for(twilio.arrived.wait(), PATIENCE)
    twilio.go_on.set()
    await hanging
    later = _later(sending, LEASE + timedelta(seconds=1))
    assert await claim(later, "sms", clinic_id=clinic_id) == [], "it is sent"
    for said in ({"provider_id": "SM9"}, {"failure": "30003"}):
        await sending_module.record(later, slow, **said)
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]


async def test_a_late_failure_of_an_earlier_try_does_not_count_against_the_latest(
    sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    await _queue_words(sending, clinic_id)
    [earlier] = await claim(sending, "sms", clinic_id=clinic_id)
    later = _later(sending, LEASE + timedelta(seconds=1))
    [latest] = await claim(later, "sms", clinic_id=clinic_id)
    await sending_module.record(later, earlier, failure="30003")
    await sending_module.deliver(later, latest)
    assert await _kept(sending, clinic_id) == [("sent", "SM1", None)]


async def test_while_a_carrier_is_slow_no_transaction_is_open_and_the_other_channel_goes_on(
    sending: Services, clinic_id: UUID, twilio: Twilio, owner: AsyncEngine
) -> None:
    await _queue_words(sending, clinic_id)
    twilio.go_on.clear()
    [slow] = await claim(sending, "sms", clinic_id=clinic_id)
    hanging = asyncio.create_task(sending_module.deliver(sending, slow))
    await asyncio.wait_for(twilio.arrived.wait(), PATIENCE)
    async with owner.begin() as connection:
        # Fails at once if anybody holds the row.
        await connection.execute(
            text("SELECT 1 FROM notification WHERE clinic_id = :clinic FOR UPDATE NOWAIT"),
            {"clinic": clinic_id},
        )
    await _queue_words(sending, clinic_id, "email", "kai@clinic.example")
    await send_due(sending, clinic_id)
    assert ("failed", None, "no_carrier") in await _kept(sending, clinic_id)
    twilio.go_on.set()
    await hanging


async def test_the_worker_sends_what_is_written_while_it_runs(
    sending: Services, clinic_id: UUID, twilio: Twilio
) -> None:
    worker = asyncio.create_task(sending_module.run(sending, "sms"))
    number = "+12125550148"
    await _queue_words(sending, clinic_id, to=number)
    async with asyncio.timeout(PATIENCE):
        while await twilio.numbers.get() != number:
            pass
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


async def _queue_words(
    services: Services, clinic_id: UUID, channel: str = "sms", to: str = "+12125550147"
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        await notify.queue(
            unit.write,
            kind="summary",
            source_id=uuid4(),
            channel=channel,
            to=to,
            locale="en",
            link="/visits/1",
        )
