"""The one policy: whose things a subject may read.

Each slice's `access.py` names the kinds of things that it keeps: which permissions open them, and whose they are. Every
query asks here, so a rule about reading stands in one place. `known(KIND, subject)` is what a subject may know to
exist, `readable(KIND, subject)` is whose content they may read.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from core.database.models import Base
from core.database.session import ReadSession, WriteSession
from core.subject import Subject
from identity.permissions import GRANTS, Permission

M = TypeVar("M", bound=Base)
Q = TypeVar("Q", bound="Select[*tuple[Any, ...]]")


@dataclass(frozen=True, slots=True)
class Kind(Generic[M]):
    """One kind of thing: the table, what opens it, and whose each row is.

    `own` says which of their own things a patient reads; None is all of them.
    """

    model: type[M]
    reads: frozenset[Permission]
    patient: InstrumentedAttribute[Any]
    own: ColumnElement[bool] | None = None


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
    """Those whose content this subject may read."""
    return known(kind, subject)


async def fetch(read: ReadSession, kind: Kind[M], *where: ColumnElement[bool]) -> M:
    """The one thing that these conditions name. Raises NotFound for what does not exist for the subject."""
    return await _fetched(read, kind, *where, lock=False)


async def fetch_locked(write: WriteSession, kind: Kind[M], *where: ColumnElement[bool]) -> M:
    """The same, locked until the transaction ends: whoever changes it comes one after the other."""
    return await _fetched(write, kind, *where, lock=True)


async def _fetched(read: ReadSession, kind: Kind[M], *where: ColumnElement[bool], lock: bool) -> M:
    query = select(kind.model).where(readable(kind, read.subject), *where)
    found: M = await read.found(locked(query, kind.model) if lock else query)
    return found


def locked(query: Q, model: type[Base]) -> Q:
    """The query, taking a lock on the model's row and reading it anew.

    Rows that name it may still be written by others (`key_share`): a full lock would let somebody who holds such a
    row's neighbors, and somebody who holds this one, wait for each other.
    """
    return query.with_for_update(of=model, key_share=True).execution_options(populate_existing=True)
