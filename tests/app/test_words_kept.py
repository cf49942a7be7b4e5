"""The words that the code keeps in a row are those that the database takes."""

import re
from enum import Enum as PythonEnum
from enum import StrEnum

from sqlalchemy import Enum, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.registry import SLICES
from chart.domain import Source
from chart.notes.domain import NoteStatus, PlanKind
from core.database.models import Base
from followup.domain import Channel, Outcome, TaskKind, TaskSource, TaskStatus
from identity.domain import AccountStatus
from identity.privacy.domain import Sensitive
from identity.related.domain import EndedBecause
from messaging.domain import MessageKind, Side
from visits.history.domain import DropCause, FailureReason, MarkReason, Path, Transport

PLAIN: dict[tuple[str, str], type[StrEnum]] = {
    ("account", "status"): AccountStatus,
    ("task", "status"): TaskStatus,
    ("task", "kind"): TaskKind,
    ("task", "source"): TaskSource,
    ("outreach", "channel"): Channel,
    ("outreach", "outcome"): Outcome,
    ("note", "status"): NoteStatus,
    ("plan_item", "kind"): PlanKind,
    ("message", "side"): Side,
    ("message", "kind"): MessageKind,
    ("record", "source"): Source,
    ("sensitive_note", "category"): Sensitive,
    ("related_person", "ended_because"): EndedBecause,
    ("call_sample", "path"): Path,
    ("call_sample", "transport"): Transport,
    ("call_drop", "cause"): DropCause,
    ("call_failure", "reason"): FailureReason,
    ("call_mark", "reason"): MarkReason,
}
"""Columns that are declared as text."""

CHECKS = text("""
    SELECT c.conrelid::regclass::text AS of, a.attname AS name, pg_get_constraintdef(c.oid) AS rule
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'c' AND cardinality(c.conkey) = 1
""")
_WORD = re.compile(r"'([^']+)'::text")
_LIST = re.compile(r"CHECK \(\(\w+ = ANY \(ARRAY\[(.*)\]\)\)\)(?: NOT VALID)?")


def words_of(column: Enum) -> set[str]:
    kind = column.enum_class
    assert kind is not None and issubclass(kind, PythonEnum)
    return {str(each.value) for each in kind}


async def test_each_word_of_a_status_is_one_that_its_column_takes(owner: AsyncEngine) -> None:
    assert SLICES
    ours = {
        (table.name, column.name): words_of(column.type)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    }
    async with owner.connect() as connection:
        rows = (await connection.execute(CHECKS)).all()
    taken = {
        (row.of, row.name): set(_WORD.findall(found[1]))
        for row in rows
        if (found := _LIST.fullmatch(row.rule))
    }
    assert ("visit", "status") in ours
    ours |= {where: {str(each.value) for each in kind} for where, kind in PLAIN.items()}
    # A column may take words that only an earlier release wrote.
    strange = {where: words - taken.get(where, set()) for where, words in ours.items()}
    assert {where: words for where, words in strange.items() if words} == {}
