"""The second implementation of the client: two headless peers, and one with a browser, exchange media."""

import asyncio
import secrets

from signaling.headless.media import HeadlessPeer
from tests.patience import PATIENCE
from tests.signaling.people import ORIGIN, Visit


def headless(url: str, visit: Visit, who: str, origin: str = ORIGIN) -> HeadlessPeer:
    async def get_ticket() -> str:
        return visit.ticket(who, "clinician" if who == "doctor" else "patient")

    return HeadlessPeer(url, origin, get_ticket, secrets.token_hex(8))


async def test_two_headless_peers_exchange_pictures_and_sound(url: str, visit: Visit) -> None:
    async with (
        headless(url, visit, "doctor") as doctor,
        headless(url, visit, "patient") as patient,
        asyncio.timeout(PATIENCE),
    ):
        await asyncio.gather(doctor.receives(10), patient.receives(10))


async def test_media_go_on_while_signaling_is_lost_and_found(url: str, visit: Visit) -> None:
    async with (
        headless(url, visit, "doctor") as doctor,
        headless(url, visit, "patient") as patient,
        asyncio.timeout(PATIENCE),
    ):
        await patient.receives(5)
        await patient.caller.cut()
        await doctor.caller.cut()
        await asyncio.gather(doctor.receives(10), patient.receives(10))
