"""Relations that end by themselves: by their date, or as a child comes of age."""

from uuid import UUID

from sqlalchemy import select, text

from core.database.session import system_unit
from core.services import Services
from core.slices import Cron
from identity.related import service
from identity.related.domain import EndedBecause
from identity.related.models import RelatedPerson

_EVERY_SECONDS = 15
_OVER = text("""
    SELECT r.id, r.clinic_id FROM related_person r
     WHERE r.ended_at IS NULL
       AND (r.until <= :now OR (r.for_minor AND NOT is_minor(r.patient_id, :now)))
     ORDER BY r.id LIMIT 1000
""")


async def end_what_is_over(services: Services) -> None:
    """Write down what has ended. It opened nothing since its end; here calls end and open pages hear of it."""
    async with services.system.connect() as connection:
        rows = (await connection.execute(_OVER, {"now": services.clock.now()})).all()
    for row in rows:
        await _end(services, row.clinic_id, row.id)


async def _end(services: Services, clinic_id: UUID, relation_id: UUID) -> None:
    async with system_unit(services, clinic_id) as unit:
        write = unit.write
        query = select(RelatedPerson).where(RelatedPerson.id == relation_id).with_for_update(key_share=True)
        relation: RelatedPerson = await write.one_or_not_found(query)
        if relation.ended_at is not None:
            return
        by_date = relation.until is not None and relation.until <= write.now()
        await service.close(write, relation, EndedBecause.UNTIL if by_date else EndedBecause.OF_AGE)


CRON = [Cron("identity.relations", _EVERY_SECONDS, end_what_is_over)]
