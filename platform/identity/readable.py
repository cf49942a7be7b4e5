"""The one policy: whose things a subject may read.

Each slice's `access.py` names the kinds of things that it keeps: which permissions open them, and whose they are. Every
query asks here, so a rule about reading stands in one place. `known(KIND, subject)` is what a subject may know to
exist, `readable(KIND, subject)` is whose content they may read.
"""

from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    all_,
    and_,
    cast,
    false,
    func,
    literal,
    not_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from core.database.models import Base
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound, Restricted
from core.subject import Subject
from identity.permissions import GRANTS, Permission

M = TypeVar("M", bound=Base)
Q = TypeVar("Q", bound="Select[*tuple[Any, ...]]")

# A subquery of its own, so that it is asked once a statement and not once a row.
CLOSED = cast(select(func.closed_patients()).scalar_subquery(), ARRAY(Uuid))
"""The patients whose charts are closed to whom the transaction serves, for statements that are built once."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[M]):
    """One kind of thing: the table, what opens it, and whose each row is.

    `own` says which of their own things a patient reads; None is all of them. `hidden` is whether row-level security
    hides its rows where a chart is closed. `visit` names the visit whose note, if it is sensitive, closes the row.
    """

    model: type[M]
    reads: frozenset[Permission]
    patient: InstrumentedAttribute[Any]
    own: ColumnElement[bool] | None = None
    hidden: bool = False
    visit: InstrumentedAttribute[Any] | None = None


def known(kind: Kind[M], subject: Subject) -> ColumnElement[bool]:
    """Those that exist for this subject: a patient's own, the care team's clinic, within the token."""
    if subject.is_system:
        return true()
    if not any(subject.may(permission, GRANTS) for permission in kind.reads):
        return false()
    whose: list[ColumnElement[bool]] = []
    if subject.actor.is_patient:
        whose.append(kind.patient == subject.actor.patient_id)
        if kind.own is not None:
            whose.append(kind.own)
    if subject.compartment is not None:
        whose.append(kind.patient == subject.compartment)
    return and_(true(), *whose)


def readable(kind: Kind[M], subject: Subject) -> ColumnElement[bool]:
    """Those whose content this subject may read: what is known to them, and of no chart or visit that is closed."""
    return and_(known(kind, subject), is_open_row(kind, subject))


def is_open_row(kind: Kind[M], subject: Subject) -> ColumnElement[bool]:
    """Which rows are of no chart that is closed to the subject, and of no visit whose sensitive note is."""
    chart = of_open_chart(kind.patient, subject)
    if kind.visit is None or subject.is_system or _is_own(subject):
        return chart
    return and_(chart, not_(func.closed_visit(kind.visit)))


def of_open_chart(
    patient: ColumnElement[UUID] | InstrumentedAttribute[Any], subject: Subject
) -> ColumnElement[bool]:
    """Of which patients the chart is not closed to the subject (`closed_patients()`, migration 0048)."""
    if subject.is_system or _is_own(subject):
        return true()
    return patient != all_(CLOSED)


def _is_own(subject: Subject) -> bool:
    """A patient in person: their own chart is never closed to them."""
    return subject.actor.is_patient and not subject.actor.is_proxy


async def is_open(read: ReadSession, patient_id: UUID) -> bool:
    """Whether this patient's chart is not closed to the reader."""
    return bool(await read.scalar(select(of_open_chart(literal(patient_id, Uuid), read.subject))))


async def check_open(read: ReadSession, patient_id: UUID) -> None:
    """Raises Restricted for a patient whose chart is closed to the reader."""
    if not await is_open(read, patient_id):
        raise Restricted(patient_id)


async def fetch(read: ReadSession, kind: Kind[M], row_id: UUID) -> M:
    """One thing. Raises NotFound for what does not exist for the subject, Restricted for a closed chart's."""
    return await _fetched(read, kind, row_id, lock=False)


async def fetch_locked(write: WriteSession, kind: Kind[M], row_id: UUID) -> M:
    """The same, locked until the transaction ends: whoever changes it comes one after the other."""
    return await _fetched(write, kind, row_id, lock=True)


async def fetch_known_locked(write: WriteSession, kind: Kind[M], row_id: UUID) -> M:
    """One thing to act on without reading it, locked: also of a closed chart. Raises NotFound."""
    query = select(kind.model).where(_id_of(kind) == row_id, known(kind, write.subject))
    found: M = await write.one_or_not_found(locked(query, kind.model))
    return found


async def _fetched(read: ReadSession, kind: Kind[M], row_id: UUID, *, lock: bool) -> M:
    query = select(kind.model, is_open_row(kind, read.subject).label("is_open")).where(
        _id_of(kind) == row_id, known(kind, read.subject)
    )
    row = (await read.execute(locked(query, kind.model) if lock else query)).one_or_none()
    if row is None:
        await check_not_closed(read, kind, row_id)
        raise NotFound
    if not row.is_open:
        await _raise_restricted(read, getattr(row[0], kind.patient.key))
    found: M = row[0]
    return found


async def check_not_closed(read: ReadSession, kind: Kind[M], row_id: UUID) -> None:
    """Raises Restricted if row-level security hides this row because its chart is closed to the reader."""
    subject = read.subject
    if not kind.hidden or subject.is_system or _is_own(subject):
        return
    if not any(subject.may(permission, GRANTS) for permission in kind.reads):
        return
    patient_id = await read.scalar(select(func.closing_patient(kind.model.__tablename__, row_id, type_=Uuid)))
    if patient_id is not None and subject.compartment in (None, patient_id):
        await _raise_restricted(read, patient_id)


async def _raise_restricted(read: ReadSession, patient_id: UUID) -> NoReturn:
    """Says whether it is the chart that is closed, or only the visit's note."""
    await check_open(read, patient_id)
    raise Restricted(patient_id, part="note")


def _id_of(kind: Kind[M]) -> ColumnElement[UUID]:
    column: ColumnElement[UUID] = kind.model.__table__.c.id
    return column


def locked(query: Q, model: type[Base]) -> Q:
    """The query, taking a lock on the model's row and reading it anew.

    Rows that name it may still be written by others (`key_share`): a full lock would let somebody who holds such a
    row's neighbors, and somebody who holds this one, wait for each other.
    """
    return query.with_for_update(of=model, key_share=True).execution_options(populate_existing=True)
