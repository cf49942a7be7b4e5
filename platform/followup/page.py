"""A page of the queue with its counts: the hottest read of a coordinator's day, in one SQL function.

The function (migration `0026_task_page`) reads the page as JSON, counts each view exactly, from numbers that triggers
keep (`0025_task_counts`), and writes the audit row. Who is signed in and asks for a plain page gets it in one round
trip (`core.database.hot`); everybody and everything else takes the ordinary way, which calls the same function.
"""

from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import msgspec
from litestar.types import HTTPScope
from sqlalchemy import text

from core import audit
from core.database.session import ReadSession
from core.errors import NotFound, Problem
from core.pages import parse_cursor
from core.services import Services
from followup.domain import TaskKind
from identity.permissions import GRANTS, Permission
from identity.sessions.cookies import cookies_of, token_in
from identity.sessions.tokens import digest

PAGE = 50
_MAY_READ = sorted(GRANTS[Permission.TASK_READ])
_HOT = "SELECT read_task_page_as($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
_READ = text(
    "SELECT read_task_page(:clinic, :account, :roles, :session, :request, :at, "
    ":view, :kind, :patient, :after_at, :after_id, :most)"
)


class View(StrEnum):
    """The queue's views."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    TODAY = "today"
    DONE = "done"


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of which view, of one kind or patient or of all; ``after`` is the cursor of the page before."""

    view: View = View.OPEN
    kind: TaskKind | None = None
    patient_id: UUID | None = None
    after: str | None = None

    def values(self) -> tuple[Any, ...]:
        """What the SQL functions take at their end. Raises Problem 400 for a cursor that is none of ours."""
        at, row_id = parse_cursor(self.after) or (None, None)
        kind = str(self.kind) if self.kind else None
        return str(self.view), kind, self.patient_id, at, row_id, PAGE


async def hot_page(services: Services, scope: HTTPScope, request_id: str) -> bytes | None:
    """The page for whoever may read it, audited; None for everybody and everything else."""
    token = token_in(services.settings, cookies_of(scope))
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if token is None or len(dict(asked)) != len(asked):
        return None
    try:
        values = msgspec.convert(dict(asked), Wanted).values()
    except (msgspec.ValidationError, Problem):
        return None
    now = services.clock.now()
    body = await services.hot.value(_HOT, digest(token), _MAY_READ, request_id, now, *values)
    return None if body is None else bytes(body)


async def read_page(read: ReadSession, wanted: Wanted) -> bytes:
    """The page as JSON (`TaskPage`), with its audit row. Raises NotFound, Problem for the cursor."""
    if not (read.subject.is_system or read.subject.may(Permission.TASK_READ, GRANTS)):
        raise NotFound
    names = ("view", "kind", "patient", "after_at", "after_id", "most")
    values = dict(zip(names, wanted.values(), strict=True))
    audited = audit.parameters(read, "task.list", wanted.patient_id)
    return bytes(await read.scalar(_READ, {**audited, **values}))
