"""The real process, over real sockets and a real Valkey."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from redis.asyncio import Redis
from websockets.exceptions import InvalidStatus

from signaling import protocol as p
from signaling.store import CONTROL, EVENTS
from tests.patience import PATIENCE
from tests.signaling.conftest import RULES, StartNode, Valkey
from tests.signaling.people import BOTH_ON, Person, Visit, bare_socket, calling, close_of
from tests.signaling.world import SDP

pytestmark = pytest.mark.whole


@pytest.fixture
async def patient(url: str, visit: Visit) -> AsyncIterator[Person]:
    async with calling(url, visit, "patient", "patient") as person:
        yield person


@pytest.fixture
async def doctor(url: str, visit: Visit, patient: Person) -> AsyncIterator[Person]:
    async with calling(url, visit, "doctor", "clinician") as person:
        await patient.hears_a(p.PeerJoined)
        yield person


def offer(to: Person, number: int = 1) -> p.DescriptionOut:
    instance, sdp = to.caller.dialogue.instance, SDP.format(n=number)
    return p.DescriptionOut(to=to.participant_id, instance=instance, connection=1, kind="offer", sdp=sdp)


def heard_offer(sender: Person, number: int = 1) -> p.DescriptionIn:
    sdp = SDP.format(n=number)
    return p.DescriptionIn(sender=sender.participant_id, connection=1, kind="offer", sdp=sdp)


async def events(redis: "Redis", count: int) -> list[tuple[str, str, str]]:
    """The first `count` call events, when they are there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = [fields for _, fields in await redis.xrange(EVENTS)]
            if len(found) >= count:
                return [(fields["participant_id"], fields["kind"], fields["cause"]) for fields in found]
            await asyncio.sleep(0.02)


async def test_an_offer_reaches_the_other_side(patient: Person, doctor: Person) -> None:
    await patient.caller.say(offer(doctor))
    await doctor.hears(heard_offer(patient))


async def test_a_ticket_works_once(url: str, visit: Visit) -> None:
    ticket = visit.ticket("patient", "patient")
    join = p.Join(version=1, ticket=ticket, instance="i", media=BOTH_ON)
    async with bare_socket(url) as first, bare_socket(url) as second:
        await first.send(p.encode(p.ClientFrame(message=join)))
        welcome = p.decode_server(await first.recv()).message
        assert isinstance(welcome, p.Welcome) and not welcome.resumed
        await second.send(p.encode(p.ClientFrame(message=join)))
        assert await close_of(second) == (4401, "ticket_used")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (p.Join(version=1, ticket="x.y.z", instance="i", media=BOTH_ON), (4401, "ticket_invalid")),
        (p.Join(version=2, ticket="x.y.z", instance="i", media=BOTH_ON), (4406, "version_unsupported")),
        (p.Resume(version=1, token="visit.clinic.patient.guess"), (4404, "resume_refused")),
        (p.Resume(version=1, token="what"), (4404, "resume_refused")),
        (p.Heartbeat(), (4400, "bad_message")),
    ],
)
async def test_who_comes_in_wrongly_is_told_why(
    url: str, first: p.ClientMessage, expected: tuple[int, str]
) -> None:
    async with bare_socket(url) as socket:
        await socket.send(p.encode(p.ClientFrame(message=first)))
        assert await close_of(socket) == expected


@pytest.mark.parametrize("data", ["{", '{"message":{"type":"join"}}', b"\x00\x01"])
async def test_what_is_no_frame_closes_the_socket(url: str, data: str | bytes) -> None:
    async with bare_socket(url) as socket:
        await socket.send(data)
        assert await close_of(socket) == (4400, "bad_message")


@pytest.mark.parametrize("origin", [None, "http://evil.test", "null"])
async def test_pages_of_others_are_turned_away_before_they_speak(url: str, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with bare_socket(url, origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_second_tab_takes_over(url: str, visit: Visit, patient: Person, doctor: Person) -> None:
    async with calling(url, visit, "patient", "patient") as second:
        await patient.until(lambda person: person.over)
        assert patient.over is not None and patient.over.code == p.CloseCode.TAKEN_OVER
        await second.caller.say(offer(doctor, 2))
        await doctor.hears(heard_offer(second, 2))


async def test_a_lost_socket_is_resumed_and_misses_nothing(
    patient: Person, doctor: Person, redis: "Redis"
) -> None:
    await patient.caller.cut()
    await doctor.hears_a(p.PeerAway)
    for number in range(5):
        await doctor.caller.say(offer(patient, number))
    await doctor.hears_a(p.PeerBack)
    await patient.hears(heard_offer(doctor, 4))
    assert [m.sdp for m in patient.told if isinstance(m, p.DescriptionIn)] == [
        SDP.format(n=number) for number in range(5)
    ]
    assert patient.welcomes()[-1].resumed
    assert [kind for _, kind, _ in await events(redis, 2)] == ["joined", "joined"]


async def test_whoever_stays_away_has_left(start_node: StartNode, visit: Visit, redis: "Redis") -> None:
    rules = msgspec.structs.replace(RULES, grace_seconds=2.0)
    async with start_node(rules) as url, calling(url, visit, "doctor", "clinician") as doctor:
        async with calling(url, visit, "patient", "patient"):
            await doctor.hears_a(p.PeerJoined)
        away = await doctor.hears_a(p.PeerAway)
        assert away.away_seconds == rules.grace_seconds
        left = await doctor.hears_a(p.PeerLeft)
        assert left.cause == "timeout"
        assert ("patient", "dropped", "timeout") in await events(redis, 3)


async def test_any_node_serves_any_visit(start_node: StartNode, visit: Visit) -> None:
    async with (
        start_node() as one,
        start_node() as other,
        calling(one, visit, "patient", "patient") as patient,
        calling(other, visit, "doctor", "clinician") as doctor,
    ):
        await patient.caller.say(offer(doctor))
        await doctor.hears(heard_offer(patient))
        await doctor.caller.say(offer(patient, 2))
        await patient.hears(heard_offer(doctor, 2))


async def test_a_deploy_tells_everybody_to_come_back_and_keeps_their_seats(
    start_node: StartNode, visit: Visit, redis: "Redis"
) -> None:
    async with start_node() as stays, calling(stays, visit, "doctor", "clinician") as doctor:
        async with start_node() as going:
            patient_call = calling(going, visit, "patient", "patient")
            patient = await patient_call.__aenter__()
            await doctor.hears_a(p.PeerJoined)
        told = await patient.hears_a(p.Draining)
        assert 0 <= told.reconnect_in_ms <= 3000
        await doctor.hears_a(p.PeerAway)
        patient.caller._url = stays
        await doctor.hears_a(p.PeerBack)
        await patient_call.__aexit__(None, None, None)
        assert [kind for _, kind, _ in await events(redis, 2)][:2] == ["joined", "joined"]


async def test_redis_restarts_empty_and_the_same_pages_meet_again(
    valkey: Valkey, url: str, visit: Visit, patient: Person, doctor: Person
) -> None:
    valkey.kill()
    await patient.caller.say(p.SetMedia(media=p.Media(microphone=False, camera=True)))
    valkey.start()
    await valkey.answers()
    await patient.until(lambda person: meets_again(person, doctor))
    await doctor.until(lambda person: meets_again(person, patient))
    await doctor.caller.say(offer(patient, 9))
    await patient.hears(heard_offer(doctor, 9))


def meets_again(person: Person, other: Person) -> bool:
    """Whether a second welcome, or what was told since, names the very page that the other had before."""
    last = max(index for index, message in enumerate(person.told) if isinstance(message, p.Welcome))
    welcome = person.told[last]
    assert isinstance(welcome, p.Welcome)
    joined = [message.peer for message in person.told[last:] if isinstance(message, p.PeerJoined)]
    instances = {peer.instance for peer in (*welcome.peers, *joined)}
    return len(person.welcomes()) > 1 and other.caller.dialogue.instance in instances


async def test_the_platform_ends_the_call_of_a_visit(
    visit: Visit, patient: Person, doctor: Person, redis: "Redis"
) -> None:
    await redis.xadd(
        CONTROL, {"visit_id": visit.visit_id, "clinic_id": "clinic", "participant_id": "patient"}
    )
    await patient.until(lambda person: person.over)
    assert patient.over is not None and patient.over.code == p.CloseCode.REMOVED
    await redis.xadd(CONTROL, {"nonsense": "1"})
    await redis.xadd(CONTROL, {"visit_id": visit.visit_id, "clinic_id": "clinic"})
    await doctor.until(lambda person: person.over)
    assert doctor.over is not None and doctor.over.code == p.CloseCode.VISIT_OVER


async def test_a_flood_is_cut_off_and_the_others_go_on(
    url: str, visit: Visit, patient: Person, doctor: Person
) -> None:
    async with bare_socket(url) as flooder:
        ticket = visit.ticket("guest", "guest")
        join = p.Join(version=1, ticket=ticket, instance="i", media=BOTH_ON)
        await flooder.send(p.encode(p.ClientFrame(message=join)))
        for _ in range(1000):
            try:
                await flooder.send(p.encode(p.ClientFrame(message=p.Heartbeat())))
            except Exception:
                break
        assert (await close_of(flooder))[0] == p.CloseCode.TOO_MANY_MESSAGES
    await patient.caller.say(offer(doctor))
    await doctor.hears(heard_offer(patient))


async def test_whoever_says_nothing_any_more_is_closed(start_node: StartNode, visit: Visit) -> None:
    rules = msgspec.structs.replace(RULES, heartbeat_seconds=0.1)
    async with start_node(rules) as url, bare_socket(url) as socket:
        join = p.Join(version=1, ticket=visit.ticket("guest", "guest"), instance="i", media=BOTH_ON)
        await socket.send(p.encode(p.ClientFrame(message=join)))
        assert isinstance(p.decode_server(await socket.recv()).message, p.Welcome)
        assert await close_of(socket) == (4408, "silent")


async def test_a_step_on_a_room_that_another_node_changed_is_done_again(
    start_node: StartNode, visit: Visit, redis: "Redis"
) -> None:
    """Both nodes remember the room; each of them writes on what the other wrote, and nothing is lost."""
    async with (
        start_node() as one,
        start_node() as other,
        calling(one, visit, "patient", "patient") as patient,
        calling(other, visit, "doctor", "clinician") as doctor,
    ):
        await asyncio.gather(
            *(patient.caller.say(offer(doctor, number)) for number in range(10)),
            *(doctor.caller.say(offer(patient, number)) for number in range(10)),
        )
        await doctor.hears(heard_offer(patient, 9))
        await patient.hears(heard_offer(doctor, 9))
        for person in (patient, doctor):
            heard = [m.sdp for m in person.told if isinstance(m, p.DescriptionIn)]
            assert heard == [SDP.format(n=number) for number in range(10)]


async def test_a_frame_over_64_kilobytes_is_not_read(url: str, patient: Person, doctor: Person) -> None:
    async with bare_socket(url) as giant:
        await giant.send("x" * (64 * 1024 + 1))
        assert (await close_of(giant))[0] == 1009
    await patient.caller.say(offer(doctor))
    await doctor.hears(heard_offer(patient))


async def test_nothing_in_redis_is_readable(
    visit: Visit, patient: Person, doctor: Person, redis: "Redis", valkey: Valkey
) -> None:
    await patient.caller.say(offer(doctor, 4711))
    await doctor.hears(heard_offer(patient, 4711))
    token = patient.welcomes()[0].resume_token
    raw: Redis = Redis.from_url(valkey.url)
    dump = b""
    async for key in raw.scan_iter():
        kind = await raw.type(key)
        dump += key + (await raw.dump(key) or b"") + kind
    await raw.aclose()
    for secret in (b"fingerprint", b"4711 1 IN", token.encode(), token.rpartition(".")[2].encode()):
        assert secret not in dump


async def test_health(url: str) -> None:
    import httpx

    base = url.replace("ws:", "http:")
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        assert (await client.get(f"{base}/health/live")).status_code == 200
        ready = await client.get(f"{base}/health/ready")
        assert (ready.status_code, ready.text.splitlines()[0]) == (200, "ok")
