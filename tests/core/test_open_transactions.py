"""Nothing talks to a network, renders or reads a file while a transaction is open."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from chart.aftervisit import pdf
from chart.aftervisit.content import compose
from core.actor import system_actor
from core.audit.anchors import publishing
from core.database.session import WriteSession, open_unit
from core.events import outbox
from core.events.outbox import Delivery, Event, Keep, Subscribers, slow_subscriber
from core.events.relay import deliver, drain
from core.open_transactions import TransactionOpen, require_none
from core.services import Services, open_services
from messaging.notices.smtp import Smtp
from messaging.notices.texts import Notice
from messaging.notices.twilio_sms import TwilioSms
from tests.chart.aftervisit.test_aftervisit import facts
from tests.connections import none_in_use
from visits.calls import call_events

NOTICE = Notice("Your sign-in code", "482913 is your code")


async def test_a_task_knows_of_its_own_open_transactions_and_of_no_others(
    services: Services, clinic_id: UUID
) -> None:
    async def work() -> None:
        require_none("work")

    async with open_unit(services, system_actor(clinic_id)):
        with pytest.raises(TransactionOpen):
            require_none("work")
        with pytest.raises(TransactionOpen):
            await asyncio.create_task(work())
        with pytest.raises(TransactionOpen):
            await asyncio.to_thread(require_none, "work")
        goes_on = asyncio.Event()

        async def outlives() -> None:
            await goes_on.wait()
            require_none("work")

        outliving = asyncio.create_task(outlives())
    require_none("work")
    goes_on.set()
    await outliving


@pytest.mark.parametrize("end", [KeyError, asyncio.CancelledError])
async def test_a_transaction_that_broke_off_counts_no_more(
    services: Services, clinic_id: UUID, end: type[BaseException]
) -> None:
    with pytest.raises(end):
        async with open_unit(services, system_actor(clinic_id)):
            raise end
    require_none("work")


def _http(services: Services) -> Awaitable[object]:
    return services.http.get("http://127.0.0.1:1/")


def _write_file(services: Services) -> Awaitable[object]:
    return services.files.write(uuid4(), uuid4(), b"a summary")


def _read_file(services: Services) -> Awaitable[object]:
    return anext(services.files.read(uuid4(), uuid4()))


def _render(services: Services) -> Awaitable[object]:
    return asyncio.to_thread(pdf.render, compose(facts()))


def _mail(services: Services) -> Awaitable[object]:
    settings = msgspec.structs.replace(services.settings, smtp_url="smtp://127.0.0.1:1")
    return Smtp(settings).send("maria@example.org", NOTICE, uuid4())


def _twilio(services: Services) -> TwilioSms:
    named = {"twilio_account_sid": "AC0", "twilio_auth_token": "token", "twilio_from": "+12125550100"}
    return TwilioSms(msgspec.structs.replace(services.settings, twilio_api_url="http://127.0.0.1:1", **named))


def _text(services: Services) -> Awaitable[object]:
    return _twilio(services).send("+12125550142", NOTICE, uuid4())


def _ask_for_text(services: Services) -> Awaitable[object]:
    return _twilio(services).sent_before("+12125550142", NOTICE, datetime.now(UTC))


def _order(services: Services) -> Awaitable[object]:
    return call_events.order(services, uuid4(), uuid4())


class Nowhere:
    name = "nowhere"

    def publish(self, heads: object, at: datetime) -> None:
        raise AssertionError("it was told")


def _anchor(services: Services) -> Awaitable[object]:
    return publishing._publish(services, Nowhere(), [])  # type: ignore[arg-type]  # it is never asked


@pytest.mark.parametrize(
    "work",
    [_http, _write_file, _read_file, _render, _mail, _text, _ask_for_text, _order, _anchor],
    ids=lambda work: work.__name__,
)
async def test_slow_work_in_a_transaction_is_refused(
    services: Services, clinic_id: UUID, work: Callable[[Services], Awaitable[object]]
) -> None:
    async with open_unit(services, system_actor(clinic_id)):
        with pytest.raises(TransactionOpen):
            await work(services)


class Happened(Event, frozen=True, tag="test.slow"):
    thing_id: UUID


async def test_a_slow_subscriber_holds_no_connection_and_takes_effect_once(
    services: Services, clinic_id: UUID
) -> None:
    begun, go_on, kept = asyncio.Event(), asyncio.Event(), list[UUID]()

    @slow_subscriber(Happened, "test.slow")
    async def slow(own: Services, delivery: Delivery[Happened]) -> Keep:
        begun.set()
        await go_on.wait()

        async def keep(write: WriteSession) -> None:
            kept.append(delivery.event.thing_id)

        return keep

    thing = uuid4()
    async with open_unit(services, system_actor(clinic_id)) as unit:
        event_id = await outbox.add(unit.write, Happened(thing_id=thing))
    async with open_services(services.settings) as own:
        delivering = [asyncio.create_task(deliver(own, Subscribers([slow]), event_id)) for _ in range(3)]
        await begun.wait()
        await none_in_use(own)
        go_on.set()
        await asyncio.gather(*delivering)
    assert kept == [thing]
    assert await drain(services, Subscribers([slow]), clinic_id) == 0


async def test_one_that_fails_after_its_work_keeps_nothing_and_comes_again(
    services: Services, clinic_id: UUID
) -> None:
    tries: list[int] = []

    @slow_subscriber(Happened, "test.slow")
    async def slow(own: Services, delivery: Delivery[Happened]) -> Keep:
        tries.append(len(tries))

        async def keep(write: WriteSession) -> None:
            if len(tries) == 1:
                raise KeyError

        return keep

    async with open_unit(services, system_actor(clinic_id)) as unit:
        event_id = await outbox.add(unit.write, Happened(thing_id=uuid4()))
    for _ in range(3):
        await deliver(services, Subscribers([slow]), event_id)
    assert tries == [0, 1], "a third delivery finds that it has taken effect"
