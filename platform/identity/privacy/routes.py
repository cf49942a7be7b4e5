"""Routes of restricted charts: mark, lift, open with a reason, review."""

from typing import Annotated
from uuid import UUID

from litestar.params import Parameter

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.permissions import Permission
from identity.privacy import service, views
from identity.privacy.schemas import (
    ChartAccess,
    Colleague,
    LiftRestriction,
    OpenChart,
    OpenedOut,
    OpeningOut,
    OpeningPage,
    RestrictChart,
    RestrictionOut,
    ReviewOpening,
)


@get("/api/patients/{patient_id:uuid}/access", permission=Permission.CHART_READ)
async def chart_access(read: ReadSession, patient_id: UUID) -> ChartAccess:
    """Whether the chart is restricted, and whether it is open to the reader."""
    shown = await views.chart_access(read, patient_id)
    await audit.log(read, "chart.access", patient_id=patient_id, entity=("patient", patient_id))
    return shown


@post("/api/patients/{patient_id:uuid}/restriction", permission=Permission.PRIVACY_RESTRICT, idempotent=True)
async def restrict_chart(write: WriteSession, patient_id: UUID, data: RestrictChart) -> ChartAccess:
    """Close the chart to all who are not named and have no visit open. 403 `step_up_required`, 409
    `already_restricted`."""
    await service.restrict(write, patient_id, data.why, data.reason, data.ends_at, data.named)
    return await views.chart_access(write, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/restriction/lift",
    permission=Permission.PRIVACY_RESTRICT,
    status_code=200,
)
async def lift_restriction(write: WriteSession, patient_id: UUID, data: LiftRestriction) -> ChartAccess:
    """Open the chart to the care team again. 403 `step_up_required`, `chart_restricted`; 409 `not_restricted`."""
    await service.lift(write, patient_id, data.reason)
    return await views.chart_access(write, patient_id)


@post("/api/patients/{patient_id:uuid}/open", permission=Permission.CHART_OPEN, idempotent=True)
async def open_chart(write: WriteSession, patient_id: UUID, data: OpenChart) -> OpenedOut:
    """Open a restricted chart to oneself for an hour, with a reason; privacy officers are told at once."""
    return OpenedOut(await service.open_chart(write, patient_id, data.reason))


@get("/api/privacy/team", permission=Permission.PRIVACY_RESTRICT)
async def list_who_may_be_named(read: ReadSession) -> list[Colleague]:
    """To whom a restricted chart may stay open."""
    return [Colleague(each.id, each.name) for each in await service.care_team(read)]


@get("/api/privacy/restrictions", permission=Permission.PRIVACY_REVIEW)
async def list_restrictions(read: ReadSession) -> list[RestrictionOut]:
    """The charts that are restricted now, the next to end first."""
    return await views.restrictions(read)


@get("/api/privacy/openings", permission=Permission.PRIVACY_REVIEW)
async def list_openings(
    read: ReadSession,
    reviewed: bool = False,
    before: Annotated[str | None, Parameter(max_length=80)] = None,
) -> OpeningPage:
    """Charts that were opened with a reason, the latest first; ``before`` is the previous page's ``next``."""
    return await views.openings(read, reviewed=reviewed, before=before)


@post("/api/privacy/openings/{opening_id:uuid}/review", permission=Permission.PRIVACY_REVIEW, status_code=200)
async def review_opening(write: WriteSession, opening_id: UUID, data: ReviewOpening) -> OpeningOut:
    """The officer has looked at it. 409 `own_opening`."""
    await service.review(write, opening_id, data.review)
    return await views.opening(write, opening_id)


ROUTES = [
    chart_access,
    restrict_chart,
    lift_restriction,
    open_chart,
    list_who_may_be_named,
    list_restrictions,
    list_openings,
    review_opening,
]
