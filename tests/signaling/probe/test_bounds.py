"""Whoever wants more of the probe than a check: each bound is kept, and others' checks go on."""

import base64
import logging
import secrets
import time

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from core.tickets import JoinTicket, mint
from signaling.probe import limits, session
from signaling.probe.protocol import BULK, VERSION, Send, Start, Tally, encode
from signaling.probe.server import ConfigError, config_from, ice_servers
from tests.signaling.probe.checking import KEY, ORIGIN, Opened, closed, echo, ticket


def join_ticket() -> str:
    now = int(time.time())
    return mint(
        KEY,
        JoinTicket(
            jti=secrets.token_hex(8), visit_id="v", clinic_id="c", attempt_id="a", participant_id="anna",
            role="patient", display="AB", iat=now, exp=now + 60,
        ),
    )  # fmt: skip


def unsigned() -> str:
    payload = ticket().split(".")[1]
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"carethread-probe+jwt"}').rstrip(b"=").decode()
    return f"{none}.{payload}."


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda: "", "ticket_invalid"),
        (lambda: "a.b.c", "ticket_invalid"),
        (unsigned, "ticket_invalid"),
        (join_ticket, "ticket_invalid"),
        (lambda: ticket(key=bytes(32)), "ticket_invalid"),
        (lambda: ticket(age=61), "ticket_expired"),
        (lambda: ticket(age=-30), "ticket_not_yet_valid"),
    ],
    ids=["empty", "nonsense", "unsigned", "of the call", "another key", "expired", "of tomorrow"],
)
async def test_no_other_ticket_lets_anybody_in(url: str, token: object, code: str) -> None:
    assert callable(token)
    async with Opened(url) as page:
        await page.socket.send(encode(Start(VERSION, token(), await page.offer())))
        assert await closed(page.socket) == (4401, code)


async def test_a_ticket_works_once(url: str) -> None:
    once = ticket()
    async with Opened(url) as first, Opened(url) as second:
        await first.begin(once)
        await second.socket.send(encode(Start(VERSION, once, await second.offer())))
        assert await closed(second.socket) == (4401, "ticket_used")
        assert await first.echoed(echo(1)) == echo(1), "whoever has it keeps their check"


async def test_a_ticket_is_used_up_by_a_refused_offer_too(url: str) -> None:
    once = ticket()
    for code in ((4422, "sdp_invalid"), (4401, "ticket_used")):
        async with Opened(url) as page:
            await page.socket.send(encode(Start(VERSION, once, "nonsense")))
            assert await closed(page.socket) == code


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        '{"type":"answer","sdp":""}',
        '{"type":"start","version":1}',
        '{"type":"start","version":1,"ticket":"","sdp":"","more":1}',
        b"\x01",
        '{"type":"tally"}',
        '{"type":"send","kbps":100,"ms":100}',
        '{"a":' * 5000,
    ],
    ids=lambda value: repr(value)[:20],
)
async def test_what_is_no_beginning_is_refused(url: str, data: str | bytes) -> None:
    async with Opened(url) as page:
        await page.socket.send(data)
        assert await closed(page.socket) == (4400, "bad_message")


async def test_another_version_is_told_so(url: str) -> None:
    async with Opened(url) as page:
        await page.socket.send(encode(Start(VERSION + 1, ticket(), "")))
        assert await closed(page.socket) == (4406, "version_unsupported")


async def test_a_frame_that_is_too_large_is_not_read(url: str) -> None:
    async with Opened(url) as page:
        await page.socket.send("x" * (limits.MAX_FRAME_BYTES + 1))
        assert (await closed(page.socket))[0] == 1009


async def test_who_says_nothing_is_let_go(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "START_WITHIN_SECONDS", 0.05)
    async with Opened(url) as page:
        assert await closed(page.socket) == (4408, "silent")


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
async def test_only_our_own_pages_may_connect(url: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, origin=Origin(origin) if origin else None, proxy=None)
    assert refused.value.response.status_code == 403


async def test_strangers_have_only_so_many_sockets(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.probe.server.MAX_STRANGERS", 2)
    async with Opened(url) as first, Opened(url):
        with pytest.raises(InvalidStatus) as refused:
            await connect(url, origin=Origin(ORIGIN), proxy=None)
        assert refused.value.response.status_code == 503
        await first.begin()
        async with Opened(url) as other:
            await other.begin(ticket("bo"))


async def test_only_so_many_are_checked_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.probe.places.MAX_SESSIONS", 1)
    async with Opened(url) as first, Opened(url) as second:
        await first.begin(ticket("anna"))
        await second.socket.send(encode(Start(VERSION, ticket("bo"), await second.offer())))
        assert await closed(second.socket) == (4429, "busy")
        assert await first.echoed(echo(1)) == echo(1)


async def test_who_begins_over_and_over_never_has_more_than_one_place_beside(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.probe.places.MAX_SESSIONS", 1)
    async with Opened(url) as first, Opened(url) as second, Opened(url) as third:
        await first.begin(ticket("anna"))
        for page in (second, third):
            await page.socket.send(encode(Start(VERSION, ticket("anna"), await page.offer())))
        assert await closed(first.socket) == (4409, "taken_over")
        text = (await _health(url)).split()
        assert int(text[-1]) <= 2


async def _health(url: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{url.replace('ws:', 'http:')}/health/ready")).text


async def test_no_check_lasts_longer_than_its_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "SESSION_SECONDS", 1.0)
    async with Opened(url) as page:
        await page.socket.send(encode(Start(VERSION, ticket(), await page.offer())))
        assert await closed(page.socket) == (1000, "over")


async def test_a_path_that_is_not_there_is_not_looked_for_any_longer(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 0.1)
    async with Opened(url) as page:
        # The answer is never taken, so nobody comes by the path that it names.
        await page.socket.send(encode(Start(VERSION, ticket(), await page.offer())))
        assert await closed(page.socket) == (4404, "no_path")


async def test_only_so_much_is_asked_for(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        for _ in range(limits.MAX_COMMANDS + 1):
            await page.socket.send(encode(Tally()))
        assert await closed(page.socket) == (4413, "too_many_messages")


@pytest.mark.parametrize(
    "ask", ['{"type":"send","kbps":100000,"ms":100}', '{"type":"send","kbps":1,"ms":60000}']
)
async def test_nobody_asks_for_more_than_the_most(url: str, ask: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        await page.socket.send(ask)
        assert await closed(page.socket) == (4400, "bad_message")


async def test_beginning_twice_on_one_socket_is_refused(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        await page.socket.send(encode(Start(VERSION, ticket(), "")))
        assert await closed(page.socket) == (4400, "bad_message")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        "text",
        bytes([3]),
        bytes([BULK]) + bytes(limits.MAX_MESSAGE_BYTES),
        echo(1, limits.MAX_ECHO_BYTES + 1),
    ],
    ids=["empty", "text", "of no kind", "too large", "too large an echo"],
)
async def test_what_is_no_measurement_ends_the_check(url: str, message: bytes | str) -> None:
    async with Opened(url) as page:
        await page.begin()
        page.channel.send(message)
        assert await closed(page.socket) == (4413, "message_refused")


async def test_echoes_are_counted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.probe.peer.MAX_ECHOES", 3)
    async with Opened(url) as page:
        await page.begin()
        for number in range(4):
            page.channel.send(echo(number))
        assert await closed(page.socket) == (4413, "too_many_echoes")


async def test_bytes_are_counted_both_ways(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.probe.peer.MAX_BYTES", 50_000)
    async with Opened(url) as up:
        await up.begin()
        for _ in range(100):
            up.channel.send(bytes([BULK]) + bytes(999))
        assert await closed(up.socket) == (4413, "too_many_bytes")
    async with Opened(url) as down:
        await down.begin()
        await down.socket.send(encode(Send(kbps=limits.MAX_KBPS, ms=limits.MAX_BULK_MS)))
        assert await closed(down.socket) == (4413, "too_many_bytes")


@pytest.mark.parametrize(
    "channel", [{"ordered": True}, {"maxRetransmits": None}, {"maxRetransmits": 5}], ids=str
)
async def test_a_channel_that_hides_losses_is_refused(url: str, channel: dict[str, object]) -> None:
    async with Opened(url, **channel) as page:
        await page.take_answer()
        assert await closed(page.socket) == (4413, "channel_refused")


async def test_a_second_channel_is_refused(url: str) -> None:
    async with Opened(url) as page:
        await page.begin()
        page.pc.createDataChannel("more", ordered=False, maxRetransmits=0)
        assert await closed(page.socket) == (4413, "channel_refused")


async def test_what_a_stranger_does_hurts_nobody_elses_check(url: str) -> None:
    async with Opened(url) as page:
        await page.begin(ticket("anna"))
        for number, data in enumerate(("nonsense", "{", encode(Start(VERSION, ticket("eve"), "v=0\r\n")))):
            async with Opened(url) as other:
                await other.socket.send(data)
                await closed(other.socket)
            assert await page.echoed(echo(number)) == echo(number)


async def test_a_refusal_is_logged_by_its_code_alone(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="carethread.probe"):
        async with Opened(url) as page:
            await page.socket.send(encode(Start(VERSION, ticket("anna"), "v=0 at 198.51.100.7")))
            await closed(page.socket)
    said = [(record.msg, getattr(record, "fields", {})) for record in caplog.records]
    assert said == [("probe.turned", {"code": "sdp_invalid", "close_code": 4422})]


def test_the_process_says_what_it_lacks() -> None:
    key = base64.b64encode(bytes(32)).decode()
    with pytest.raises(ConfigError, match="CARETHREAD_PROBE_KEY"):
        config_from({})
    with pytest.raises(ConfigError, match="32 bytes"):
        config_from({"CARETHREAD_PROBE_KEY": base64.b64encode(b"short").decode()})
    config = config_from(
        {
            "CARETHREAD_PROBE_KEY": key,
            "CARETHREAD_PUBLIC_URL": "https://clinic.test/",
            "CARETHREAD_TURN_URLS": "turn:relay.test:3478?transport=udp",
            "CARETHREAD_TURN_SECRET": "hush",
        }
    )
    assert config.origins == {"https://clinic.test"}
    assert not config.allow_private
    [relay] = ice_servers(config, 1000)
    assert str(relay.username).startswith("1600:probe-")


def test_an_address_of_ours_is_kept_to_a_demo() -> None:
    key = base64.b64encode(bytes(32)).decode()
    assert config_from({"CARETHREAD_PROBE_KEY": key, "CARETHREAD_DEMO": "1"}).allow_private
    off = {"CARETHREAD_PROBE_KEY": key, "CARETHREAD_DEMO": "1", "CARETHREAD_ALLOW_LOOPBACK": "0"}
    assert not config_from(off).allow_private
