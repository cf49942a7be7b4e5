"""Fills today: people waiting, one with a red flag, one still answering, times booked for tomorrow."""

from datetime import timedelta
from random import Random

from app.demo.cast.crew import Crew
from app.demo.story.patient_side import intake, request
from app.registry import all_subscribers
from core.clock import FrozenClock
from core.database.session import open_unit
from core.events.relay import drain
from core.services import Services
from directory.locations import repository as locations
from visits import service as visits
from visits.booking import service as booking

# Minutes ago, patient from the end of the list, reason, words, alarming answers.
_WAITING = (
    (34, 1, "rash", "Itchy spots on my legs since yesterday."),
    (19, 2, "sore-throat", "Sore throat and a hoarse voice."),
    (8, 3, "back-pain", "My back locked up this morning."),
)


async def fill(services: Services, crew: Crew, clock: FrozenClock) -> None:
    """People in the waiting room and on the way to it; then the clock stands at now."""
    now = clock.now()
    chance = Random(3)  # noqa: S311  for variety, not for secrets
    for minutes, place, reason, words in _WAITING:
        clock.set(now - timedelta(minutes=minutes))
        person, patient = crew.patients[-place]
        async with open_unit(services, patient) as unit:
            visit_id = await request(unit.write, reason)
        await intake(services, person, patient, visit_id, words, chance)
    await _alarming(services, crew, clock, chance)
    clock.set(now)
    await _book(services, crew)
    await drain(services, all_subscribers(), crew.clinic_id)


async def _alarming(services: Services, crew: Crew, clock: FrozenClock, chance: Random) -> None:
    """Someone whose answers raise a red flag, four minutes ago."""
    clock.advance(timedelta(minutes=4))
    person, patient = crew.patients[-4]
    async with open_unit(services, patient) as unit:
        visit_id = await request(unit.write, "cough")
    words = "I cough and it is hard to breathe when I climb the stairs."
    await intake(services, person, patient, visit_id, words, chance, alarming={"safety.now": ["breathing"]})


async def _book(services: Services, crew: Crew) -> None:
    """Two booked times in the coming days."""
    for place, key in ((5, "okafor"), (6, "reyes")):
        _, patient = crew.patients[-place]
        async with open_unit(services, patient) as unit:
            window = (unit.write.now() + timedelta(hours=12), unit.write.now() + timedelta(days=5))
            places = await locations.in_use(unit.write)
            times = await booking.open_times(unit.write, places, window, crew.staff[key].account_id)
            wanted = booking.RequestedTime(times[2].clinician_id, times[2].starts_at)
            await visits.request(unit.write, patient.own_patient, "follow-up", wanted)
