"""A guest in the call itself: over the real sockets, with the platform's own tickets."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from signaling import protocol as p
from tests.conftest import ORIGIN, Deliver
from tests.patience import PATIENCE
from tests.signaling.people import bare_socket, close_of
from tests.visits.people.conftest import GuestBrowser, Link, VisitWithGuests
from tests.visits.test_sent_away import ask_in, join, obeyed
from visits import service as visits


async def hears(socket: ClientConnection, kind: type[Any]) -> Any:
    """The next message of this kind."""
    async with asyncio.timeout(PATIENCE):
        while not isinstance(told := p.decode_server(await socket.recv()).message, kind):
            pass
    return told


async def sits_down(stack: AsyncExitStack, url: str, ticket: str) -> tuple[ClientConnection, p.Welcome]:
    """Somebody in the room by this ticket."""
    socket = await stack.enter_async_context(bare_socket(url, ORIGIN))
    await socket.send(join(ticket))
    return socket, await hears(socket, p.Welcome)


async def ticket_of(guest: GuestBrowser) -> str:
    answer = await guest.join()
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ticket"])


async def test_five_people_are_in_one_call_each_as_the_platform_says(
    visit: VisitWithGuests, signaling: str
) -> None:
    async with AsyncExitStack() as stack:
        tickets = [await ask_in(visit.patient, visit.visit_id), await ask_in(visit.ruth, visit.visit_id)]
        tickets += [await ticket_of((await visit.admitted())[0]) for _ in range(3)]
        sat = [await sits_down(stack, signaling, ticket) for ticket in tickets]
        last = sat[-1][1]
        assert [peer.role for peer in last.peers] == ["patient", "clinician", "guest", "guest"]
        known = {each["account_id"]: each["name"] for each in await visit.guests()}
        guests = [peer for peer in last.peers if peer.role == "guest"]
        assert {known[peer.participant_id] for peer in guests} == {"Ines Ortiz"}
        # The clinician's and the patient's offers stand before a guest's.
        assert not any(peer.polite for peer in sat[1][1].peers)
        assert all(peer.polite for peer in last.peers if peer.role != "guest")


@pytest.mark.parametrize("verb", ["revoke", "decline"])
async def test_whoever_is_sent_away_is_out_of_the_room_and_the_others_hear_it(
    visit: VisitWithGuests, signaling: str, deliver: Deliver, verb: str
) -> None:
    guest, link = await visit.admitted()
    async with AsyncExitStack() as stack:
        patient, _ = await sits_down(stack, signaling, await ask_in(visit.patient, visit.visit_id))
        theirs, me = await sits_down(stack, signaling, await ticket_of(guest))
        await _sent_away(visit, link, verb, deliver)
        assert await close_of(theirs) == (4411, "removed")
        left = await hears(patient, p.PeerLeft)
        assert (left.participant_id, left.cause) == (me.participant_id, "removed")
    assert (await guest.join()).status_code == 401


@pytest.mark.parametrize("verb", ["revoke", "decline"])
async def test_whoever_opened_their_link_again_is_sent_away_all_the_same(
    visit: VisitWithGuests, signaling: str, deliver: Deliver, verb: str
) -> None:
    guest, link = await visit.admitted()
    async with AsyncExitStack() as stack:
        await sits_down(stack, signaling, await ask_in(visit.patient, visit.visit_id))
        theirs, _ = await sits_down(stack, signaling, await ticket_of(guest))
        assert (await guest.enter(link.token)).status_code == 200
        await deliver()
        await _sent_away(visit, link, verb, deliver)
        assert await close_of(theirs) == (4411, "removed")


async def _sent_away(visit: VisitWithGuests, link: Link, verb: str, deliver: Deliver) -> None:
    who = visit.ruth if verb == "revoke" else visit.patient
    assert (await visit.say(who, link, verb)).status_code == 200
    await deliver()


async def test_a_ticket_that_was_not_used_yet_is_void_with_the_invitation(
    visit: VisitWithGuests, signaling: str, deliver: Deliver
) -> None:
    guest, link = await visit.admitted()
    async with AsyncExitStack() as stack:
        # Somebody is in the room, so that it is there to be told.
        await sits_down(stack, signaling, await ask_in(visit.patient, visit.visit_id))
        used, unused = await ticket_of(guest), await ticket_of(guest)
        await sits_down(stack, signaling, used)
        await _sent_away(visit, link, "revoke", deliver)
        socket = await stack.enter_async_context(bare_socket(signaling, ORIGIN))
        async with asyncio.timeout(PATIENCE):
            await obeyed(visit.clinic.services)
        await socket.send(join(unused))
        assert await close_of(socket) == (4401, "ticket_revoked")


async def test_a_second_tab_takes_over_and_is_the_same_person(visit: VisitWithGuests, signaling: str) -> None:
    guest, _ = await visit.admitted()
    async with AsyncExitStack() as stack:
        first, before = await sits_down(stack, signaling, await ticket_of(guest))
        _, after = await sits_down(stack, signaling, await ticket_of(guest))
        assert await close_of(first) == (4409, "taken_over")
        assert before.participant_id == after.participant_id


async def test_the_end_of_the_visit_ends_the_call_for_guests_too(
    visit: VisitWithGuests, signaling: str, deliver: Deliver
) -> None:
    guest, _ = await visit.admitted()
    async with AsyncExitStack() as stack:
        theirs, _ = await sits_down(stack, signaling, await ticket_of(guest))
        await visit.clinic.act(visit.clinic.ruth, visit.visit_id, visits.finish)
        await deliver()
        code, _ = await close_of(theirs)
        assert code in (4410, 4411)
    assert await guest.status() == 401
