"""The after-visit summary: for the screen, and as a PDF to keep."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response

from chart.aftervisit import service
from chart.aftervisit.content import Summary
from core import audit
from core.database.session import ReadSession
from core.edge.web import get
from core.files import service as files
from identity.permissions import Permission


class AfterVisitOut(msgspec.Struct):
    """The summary in the patient's language, ready to read."""

    visit_id: UUID
    made_at: datetime
    summary: Summary


@get("/api/visits/{visit_id:uuid}/summary", permission=Permission.SUMMARY_READ)
async def visit_summary(read: ReadSession, visit_id: UUID) -> AfterVisitOut:
    """404 while the visit has no signed note, and for the moment that making the summary takes."""
    row = await service.summary_of(read, visit_id)
    await audit.log(read, "summary.read", patient_id=row.patient_id, entity=("visit", visit_id))
    return AfterVisitOut(visit_id, row.made_at, msgspec.convert(row.content, Summary))


@get(
    "/api/visits/{visit_id:uuid}/summary.pdf",
    permission=Permission.SUMMARY_READ,
    media_type="application/pdf",
)
async def visit_summary_pdf(read: ReadSession, visit_id: UUID) -> Response[bytes]:
    """The same as a tagged PDF, to download."""
    row = await service.summary_of(read, visit_id)
    file = await files.readable(read, row.blob_id)
    await audit.log(read, "summary.download", patient_id=row.patient_id, entity=("visit", visit_id))
    # The name holds no health data: file names end up in download lists and shared folders.
    headers = {
        "content-disposition": f'attachment; filename="visit-summary-{row.made_at:%Y-%m-%d}.pdf"',
        "content-security-policy": "sandbox; default-src 'none'",
    }
    read.answer_later(files.body(read.services, file))
    return Response(b"", media_type="application/pdf", headers=headers)


ROUTES = [visit_summary, visit_summary_pdf]
