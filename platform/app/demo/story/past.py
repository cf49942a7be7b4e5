"""Plays the visits of the last weeks, from the request to the signed note, at the times when they were."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec

from app.demo.cast.crew import Crew
from app.demo.story import calls, scripts
from app.demo.story.patient_side import intake, request
from app.demo.story.prescriptions import prescribe
from app.demo.story.scripts import Script
from app.registry import all_subscribers
from chart.notes import finishing, service, signing
from chart.notes.domain import DiagnosisLine, NoteContent, PlanLine
from core.actor import Actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.events.relay import drain
from core.ids import new_id
from core.services import Services
from messaging import repository as threads
from messaging import service as messaging
from visits import repository as visits
from visits import service as visit_service


async def act(services: Services, crew: Crew, clock: FrozenClock, times: list[datetime]) -> None:
    """One visit at each time, each with another patient, clinician and story."""
    chance = Random(11)  # noqa: S311  for variety, not for secrets
    clinicians = crew.clinicians()
    await drain(services, all_subscribers(), crew.clinic_id)
    for number, at in enumerate(times):
        script = scripts.SCRIPTS[number % len(scripts.SCRIPTS)]
        clock.set(at)
        person, patient = crew.patients[2 + (number * 5) % (len(crew.patients) - 8)]
        async with open_unit(services, patient) as unit:
            visit_id = await request(unit.write, script.reason)
        await intake(services, person, patient, visit_id, script.words, chance)
        clock.advance(timedelta(minutes=chance.randint(3, 14)))
        clinician = clinicians[number % len(clinicians)]
        people = calls.People(clinician, patient)
        await _see(
            services,
            crew,
            clock,
            people,
            visit_id,
            script,
            chance,
            calls.COURSES[number % len(calls.COURSES)],
        )
        await drain(services, all_subscribers(), crew.clinic_id)
        if script.question:
            clock.advance(timedelta(hours=chance.randint(2, 20)))
            await _ask(services, crew, clock, patient, visit_id, script)
            await drain(services, all_subscribers(), crew.clinic_id)


async def _see(
    services: Services,
    crew: Crew,
    clock: FrozenClock,
    people: calls.People,
    visit_id: UUID,
    script: Script,
    chance: Random,
    course: calls.Course,
) -> None:
    """The clinician's part: admit, call, prescribe, write the note, sign it and finish the visit."""
    clinician = people.clinician
    async with open_unit(services, clinician) as unit:
        visit = await visits.for_update(unit.write, visit_id)
        await visit_service.admit(unit.write, visit, licence_reason="Bordering state, first contact")
    await calls.play(services, clock, people, visit_id, course, minutes=chance.randint(6, 18))
    if script.medicine:
        await prescribe(services, crew, clock, clinician, visit_id, script.medicine)
    async with open_unit(services, clinician) as unit:
        note = await service.open_note(unit.write, visit_id)
        content = _content(msgspec.convert(note.content, NoteContent), script)
        saved = await service.save(unit.write, note.id, note.version, content)
        note = await signing.make_ready(unit.write, note.id, saved.version)
        await finishing.finish_visit(unit.write, visit_id, note.sha256 or "")


def _content(prefilled: NoteContent, script: Script) -> NoteContent:
    return msgspec.structs.replace(
        prefilled,
        subjective=f"{script.subjective}\n\n{prefilled.subjective}".strip(),
        objective=script.objective,
        assessment=script.assessment,
        plan=script.advice,
        diagnoses=[DiagnosisLine(code, "") for code in script.diagnoses],
        plan_items=[PlanLine(new_id(), kind, title, days) for kind, title, days in script.plan],
    )


async def _ask(
    services: Services, crew: Crew, clock: FrozenClock, patient: Actor, visit_id: UUID, script: Script
) -> None:
    """A question after the visit, and the coordinator's answer where there is one."""
    async with open_unit(services, patient) as unit:
        thread = await threads.of_visit(unit.write, visit_id)
        if thread is None:
            raise RuntimeError("a finished visit has a thread")
        await messaging.send(unit.write, thread.id, new_id(), script.question)
    if script.reply:
        clock.advance(timedelta(minutes=50))
        async with open_unit(services, crew.staff["cole"]) as unit:
            await messaging.send(unit.write, thread.id, new_id(), script.reply)
