"""What the demo's patients do themselves: ask for a visit and fill in the form."""

from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.demo.cast.people import DemoPatient
from app.demo.story import answers
from core.actor import Actor
from core.database.session import WriteSession, open_unit
from core.rules.text import Language
from core.services import Services
from identity.person.gender import for_rules
from intake import catalog, repository, service
from intake.questionnaires.facts import facts_on
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.rules import triage
from intake.schemas import SaveIntake
from visits import service as visits

ZONE = ZoneInfo("America/New_York")


async def request(write: WriteSession, reason: str) -> UUID:
    """Ask to be seen now."""
    visit = await visits.request(write, write.actor.own_patient, reason)
    await write.flush()
    return visit.id


async def intake(
    services: Services,
    person: DemoPatient,
    patient: Actor,
    visit_id: UUID,
    words: str,
    chance: Random,
    *,
    alarming: dict[str, Any] | None = None,
    send: bool = True,
) -> None:
    """Fill in the form and send it; with ``send`` False it is left half done."""
    async with open_unit(services, patient) as unit:
        write = unit.write
        case = await service.open_case(write, visit_id)
        today = write.now().astimezone(ZONE).date()
        facts = facts_on(case.patient.birth_date, for_rules(case.patient.clinical_sex), today)
        questionnaire = for_person(case.questionnaire, facts)
        consent = await repository.current_consent(write, person.language)
        given = dict(answers.fill(questionnaire, words, chance, today, alarming))
        asks = triage(catalog.rules(), catalog.lexicon(), questionnaire, given, facts).asks
        draft = answers.draft(
            given | {rule.ask_path: False for rule in asks},
            street=person.street,
            city=person.city,
            state=person.state,
            zip_code=person.zip,
            phone=person.phone,
            consent_hash=consent.hash,
            name=patient.name,
            language=person.language,
            known=await service.draft_of(write, case),
        )
        language: Language = "es" if person.language == "es" else "en"
        first = SaveIntake(version=0, step="review", language=language, draft=draft)
        case = await service.save(write, visit_id, first)
        flags = [flag.id for flag in service.flags_of(case.form)]
        if not send:
            return
        if flags:
            again = SaveIntake(version=1, step="review", language=language, draft=draft, acknowledged=flags)
            await service.save(write, visit_id, again)
        await service.submit(write, visit_id, 2 if flags else 1)
