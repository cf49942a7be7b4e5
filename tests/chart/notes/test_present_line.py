"""The note says who else was in the visit, in a line that the clinician may write themselves."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from chart.notes.domain import SECTION_LIMIT, NoteContent
from chart.notes.presence import with_present
from core.actor import Actor
from identity.sessions.service import Browser
from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready
from tests.conftest import ActAs
from visits.domain import AttemptEnd
from visits.models import CallAttempt
from visits.people import entering, service
from visits.people.attendance import Attendance, line_of
from visits.people.domain import Agreement, GuestKind
from visits.people.models import VisitGuest
from visits.people.schemas import EnterByLink, Invite

NINE = datetime(2026, 11, 27, 14, 2, tzinfo=UTC)
OURS = "Also present: Ines Ortiz (interpreter), from 9:02 AM EST."
LATER = "Also present: Ines Ortiz (interpreter), 9:02 AM to 9:20 AM EST."
THEIRS = "Also present: her daughter, on the sofa."


async def _interpreter(act_as: ActAs, system: Actor, scene: Scene, *, until: datetime | None) -> None:
    """Somebody who was let in and was in the call from two minutes past nine."""
    async with act_as(scene.actor) as unit:
        guest, token = await service.invite(unit.write, scene.visit, Invite(kind=GuestKind.INTERPRETER))
    async with act_as(system) as unit:
        coming = EnterByLink(token=token, name="Ines (MD) Ortiz", agrees=True)
        await entering.enter(unit.write, coming, "a browser", Browser())
    async with act_as(scene.actor) as unit:
        entered = await unit.write.one_or_none(select(VisitGuest).where(VisitGuest.id == guest.id))
        await service.agree(unit.write, scene.visit, entered, Agreement.SPOKEN)
        await service.admit(unit.write, scene.visit, entered)
        unit.write.add(
            CallAttempt(
                visit_id=scene.visit.id,
                account_id=entered.account_id,
                role="guest",
                requested_at=NINE,
                joined_at=NINE,
                ended_at=until,
                end_cause=AttemptEnd.HANG_UP if until else None,
            )
        )


async def test_what_is_signed_says_who_was_there_and_from_when_to_when(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, system: Actor
) -> None:
    await _interpreter(act_as, system, scene, until=NINE + timedelta(minutes=18))
    note_id, shown = await ready(clinician, scene)
    said = json.loads(shown["document"])["content"]["objective"]
    assert said.split("\n")[-1] == "Also present: Ines MD Ortiz (interpreter), 9:02 AM to 9:20 AM EST."
    kept = (await clinician.get(f"/api/notes/{note_id}/versions")).json()
    assert kept[0]["content"]["objective"] == said, "what is signed is a version like any other"
    signed = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert signed.status_code == 200, signed.text


async def test_nobody_else_is_no_line(terminology: None, clinician: httpx.AsyncClient, scene: Scene) -> None:
    _, shown = await ready(clinician, scene)
    assert "Also present" not in shown["document"]


def test_whoever_is_still_there_has_no_end() -> None:
    zone = ZoneInfo("America/New_York")
    ines = Attendance("Ines Ortiz", GuestKind.INTERPRETER, NINE, None)
    sam = Attendance("Sam Lee", GuestKind.FAMILY, NINE, NINE + timedelta(minutes=30))
    assert line_of([ines], zone) == OURS
    assert line_of([ines, sam], zone) == f"{OURS[:-1]}; Sam Lee (family), 9:02 AM to 9:32 AM EST."


@given(st.lists(st.sampled_from([OURS, LATER, THEIRS, "Throat red.", "", " "]), max_size=6))
def test_no_word_of_the_clinicians_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    made = with_present(NoteContent(objective=text), OURS, LATER)
    if made is None:
        assert THEIRS in lines
        return
    assert LATER in made.objective.split("\n")
    theirs = [line for line in lines if line not in (OURS, LATER)]
    assert [each for each in made.objective.split("\n") if each not in (OURS, LATER)] == (
        theirs if text else []
    )
    assert with_present(made, LATER, LATER) == made


def test_a_note_that_is_full_stays_as_it_is() -> None:
    assert with_present(NoteContent(objective="x" * SECTION_LIMIT), None, LATER) is None
