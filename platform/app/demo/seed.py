"""Makes the demo clinic: people and their histories, a month of past visits, a family, a restricted chart, and a
waiting room of today."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import text

from app.demo.cast import coordinators, directory
from app.demo.cast.clinic import furnish, make_clinic
from app.demo.cast.crew import Crew, enrol_patients, enrol_staff
from app.demo.story import family, histories, live_room, past, restricted
from app.demo.story.bundles import Bundle
from app.home import Home
from core.actor import system_actor
from core.clock import FrozenClock, SystemClock
from core.config import Settings
from core.database.session import open_unit
from core.services import open_services

_DAYS_OF_HISTORY = 30
# Nobody in the demo needs to be told that their password was set.
_FORGET = text("DELETE FROM outbox WHERE clinic_id = :clinic")


async def seed(settings: Settings, bundles: AsyncIterator[Bundle]) -> None:
    """Fill an empty database. Everything but the clinic's row goes through the product's own verbs."""
    clock = FrozenClock(SystemClock().now() - timedelta(days=_DAYS_OF_HISTORY + 1))
    async with open_services(settings, clock) as services:
        clinic_id = await make_clinic(settings)
        unfinished = Home(settings.home_path).unfinished_demo
        unfinished.touch()
        async with open_unit(services, system_actor(clinic_id)) as unit:
            await furnish(unit.write)
            crew = Crew(clinic_id=clinic_id)
            await enrol_staff(unit.write, crew)
            await enrol_patients(unit.write, crew)
            await unit.write.execute(_FORGET, {"clinic": clinic_id})
        async with open_unit(services, crew.staff["cole"]) as unit:
            await directory.write_down(unit.write, crew)
        await histories.write(services, crew, bundles)
        await past.act(services, crew, clock, _visit_times(SystemClock().now()))
        clock.set(SystemClock().now())
        await coordinators.catch_up(services, crew, clock)
        await family.act(services, crew, clock)
        await restricted.act(services, crew, clock)
        await live_room.fill(services, crew, clock)
        unfinished.unlink()


def _visit_times(now: datetime) -> list[datetime]:
    """When the past visits began: some a day, older ones fewer, in order."""
    chance = Random(7)  # noqa: S311  for variety, not for secrets
    days = [27, 24, 21, 19, 16, 14, 12, 10, 9, 7, 6, 5, 4, 4, 3, 3, 2, 2, 1, 1, 1]
    return sorted(now - timedelta(days=day, minutes=chance.randint(0, 400)) for day in days)
