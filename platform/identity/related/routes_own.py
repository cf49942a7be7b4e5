"""For whom a sign-in acts, and who acts for a patient: on the patient's side."""

from uuid import UUID

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.permissions import Permission
from identity.readable import check_open
from identity.related import acting, service, views
from identity.related.schemas import ActFor, WhoActs
from identity.schemas import SessionOut
from identity.sessions.routes import session_out


@post("/api/session/acting-for", permission=Permission.ACT_FOR, status_code=200)
async def act_for(write: WriteSession, data: ActFor) -> SessionOut:
    """Act for this patient from now on, in every tab. 404 for whom one may not act for."""
    return await session_out(write, await acting.act_for(write, data.patient_id))


@get("/api/me/related", permission=Permission.RECORD_ACCESSES)
async def who_acts_for_me(read: ReadSession, actor: Actor) -> list[WhoActs]:
    """Who may act for the patient beside themself."""
    await check_open(read, actor.own_patient)
    await audit.log(read, "related.read", patient_id=actor.own_patient)
    return await views.who_acts(read, actor.own_patient)


@post("/api/me/related/{relation_id:uuid}/end", permission=Permission.RELATED_END, status_code=200)
async def end_who_acts_for_me(write: WriteSession, relation_id: UUID) -> list[WhoActs]:
    """They act for the patient no more, at once; who still does. 409 `clinic_ends_this` for a child's parents, a
    guardian and what a court decided."""
    await service.end_own(write, relation_id)
    return await views.who_acts(write, write.actor.own_patient)


ROUTES = [act_for, who_acts_for_me, end_who_acts_for_me]
