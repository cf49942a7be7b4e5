"""What a page learns from the probe, with aiortc on both sides."""

import asyncio

from signaling.probe.peer import BULK_BYTES
from signaling.probe.protocol import BULK, Send, Sent, Tallied, Tally
from tests.patience import PATIENCE
from tests.signaling.probe.checking import Opened, closed, echo, ticket


async def test_what_is_sent_comes_back(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        for number in range(20):
            assert await page.echoed(echo(number)) == echo(number)


async def test_bulk_is_counted_on_the_way_up(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        for _ in range(50):
            page.channel.send(bytes([BULK]) + bytes(999))
        # Nothing is lost between two peers on one machine, and nothing overtakes by more than a moment.
        async with asyncio.timeout(PATIENCE):
            bytes_counted = 0
            while bytes_counted < 50_000:
                told = await page.ask(Tally())
                assert isinstance(told, Tallied)
                bytes_counted += told.bytes
                await page.echoed(echo(1))
        assert bytes_counted == 50_000
        assert await page.ask(Tally()) == Tallied(0, 0, 0)


async def test_bulk_comes_down_at_the_rate_that_was_asked_for_and_not_above(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        sent = await page.ask(Send(kbps=1000, ms=800))
        assert isinstance(sent, Sent)
        assert 0 < sent.bytes <= 100_000
        async with asyncio.timeout(PATIENCE):
            for _ in range(sent.messages):
                message = await page.heard.get()
                assert (message[0], len(message)) == (BULK, BULK_BYTES)


async def test_a_page_that_is_left_leaves_its_place(url: str) -> None:
    for _ in range(20):
        async with Opened(url) as page:
            await page.begin()


async def test_checking_again_takes_the_place_of_the_earlier_check(url: str) -> None:
    async with Opened(url) as first, Opened(url) as second:
        await first.begin(ticket("anna"))
        await second.begin(ticket("anna"))
        assert await closed(first.socket) == (4409, "taken_over")
        assert await second.echoed(echo(1)) == echo(1)
