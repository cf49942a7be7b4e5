"""A patient's yes to a red flag's question, asked beside the message that they write.

The clinic hears of it at once, also if the message is never sent: the thread is marked, and follow-up has
to call.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.events import outbox
from core.ids import new_id
from core.rules.rulebook import Decision
from messaging import repository, service
from messaging.domain import Side
from messaging.events import RedFlagTold
from messaging.models import Message, Thread, UrgentAnswer

ADOPTED_FOR = timedelta(days=1)
"""A thread that the patient begins within this time after a yes is taken to be what the yes was about."""

ANSWER_HOLDS = timedelta(hours=1)
"""An answer given within this time before a message is about the message's words."""

ONE_EACH = ["clinic_id", "patient_id", "rule"]
"""The unique index of answers."""


async def alert_clinic(
    write: WriteSession,
    patient_id: UUID,
    decision: Decision,
    level: str,
    thread_id: UUID | None,
    said_at: datetime,
) -> None:
    """The patient said yes to a rule's question at `said_at`. Said again, it is the same answer.

    Raises NotFound for the thread.
    """
    thread = await repository.for_update(write, thread_id) if thread_id else None
    answer_id = await _keep_yes(write, patient_id, decision, level, thread_id, said_at)
    await audit.log(
        write,
        "message.red_flag",
        patient_id=patient_id,
        entity=("urgent_answer", answer_id),
        detail={"flag": decision.rule, "level": level, "version": decision.version},
    )
    await outbox.add(write, RedFlagTold(answer_id=answer_id, patient_id=patient_id))
    clinic = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)]
    live.publish(write, "message.red_flag", clinic, answer_id=str(answer_id))
    if thread is not None:
        await _mark(write, thread)


async def keep_no(write: WriteSession, patient_id: UUID, rule: str, level: str) -> None:
    """The patient says no to a rule's question: for a while their words about it are no danger. A yes stays."""
    answer = insert(UrgentAnswer).values(
        **_row(write, patient_id, rule, level), yes_at=None, no_at=write.now()
    )
    kept = await write.scalar(
        answer.on_conflict_do_update(
            index_elements=ONE_EACH, set_={"no_at": answer.excluded.no_at}
        ).returning(UrgentAnswer.id)
    )
    await audit.log(
        write,
        "message.red_flag_denied",
        patient_id=patient_id,
        entity=("urgent_answer", cast(UUID, kept)),
        detail={"flag": rule, "level": level},
    )


async def _keep_yes(
    write: WriteSession,
    patient_id: UUID,
    decision: Decision,
    level: str,
    thread_id: UUID | None,
    at: datetime,
) -> UUID:
    answer = insert(UrgentAnswer).values(
        **_row(write, patient_id, decision.rule, level),
        thread_id=thread_id,
        rule_version=decision.version,
        because=msgspec.to_builtins(decision.because),
        yes_at=at,
        no_at=None,
    )
    said = answer.excluded
    newest = {
        "yes_at": func.greatest(UrgentAnswer.yes_at, said.yes_at),
        "level": said.level,
        "thread_id": said.thread_id,
        "rule_version": said.rule_version,
        "because": said.because,
    }
    # An upsert always returns its row.
    return cast(
        UUID,
        await write.scalar(
            answer.on_conflict_do_update(index_elements=ONE_EACH, set_=newest).returning(UrgentAnswer.id)
        ),
    )


def _row(write: WriteSession, patient_id: UUID, rule: str, level: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "clinic_id": write.clinic_id,
        "created_at": write.now(),
        "patient_id": patient_id,
        "rule": rule,
        "level": level,
    }


async def mark_unanswered(write: WriteSession, message: Message, rules: Collection[str]) -> None:
    """The words of a patient's message speak of these rules: unless they answered each question, the thread is urgent.

    They may have sent it before the question came, or passed over it. The clinic may have answered meanwhile.
    """
    thread = await repository.for_update(write, message.thread_id)
    answered = set(
        await write.scalars(
            select(UrgentAnswer.rule).where(
                UrgentAnswer.patient_id == thread.patient_id,
                func.greatest(UrgentAnswer.yes_at, UrgentAnswer.no_at) > message.created_at - ANSWER_HOLDS,
            )
        )
    )
    if thread.awaiting == Side.CLINIC and not answered.issuperset(rules):
        await _mark(write, thread)


async def adopt(write: WriteSession, thread: Thread) -> None:
    """The patient begins this thread: what they said yes to just before, when there was none yet, is about it."""
    adopted = await write.scalars(
        update(UrgentAnswer)
        .where(
            UrgentAnswer.patient_id == thread.patient_id,
            UrgentAnswer.thread_id.is_(None),
            UrgentAnswer.yes_at > write.now() - ADOPTED_FOR,
        )
        .values(thread_id=thread.id)
        .returning(UrgentAnswer.id)
    )
    if adopted.all():
        await _mark(write, thread)


async def _mark(write: WriteSession, thread: Thread) -> None:
    """The thread stands first in the inbox until the clinic answers or settles it."""
    thread.awaiting = Side.CLINIC
    if thread.urgent_at is None:
        thread.urgent_at = write.now()
        await audit.log(write, "thread.urgent", patient_id=thread.patient_id, entity=("thread", thread.id))
        service.publish_change(write, thread)
