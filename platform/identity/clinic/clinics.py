"""Clinics: found by the name in their address, open to everyone; their settings, theirs to change."""

from sqlalchemy import func, select

from core.database.session import ReadSession, WriteSession
from identity.models import Clinic, ConsentText


async def enter(read: ReadSession, slug: str) -> Clinic:
    """Find a clinic by its slug and go in, so that this transaction sees its rows. Raises NotFound."""
    clinic: Clinic = await read.one_or_not_found(select(Clinic).where(Clinic.slug == slug))
    await read.enter_clinic(clinic.id)
    return clinic


async def current(read: ReadSession) -> Clinic:
    """The clinic of this transaction."""
    clinic: Clinic = await read.one_or_none(select(Clinic).where(Clinic.id == read.clinic_id))
    return clinic


async def consent_text(read: ReadSession) -> ConsentText | None:
    """The telehealth consent that patients are shown now, or None while the clinic has published none."""
    found: ConsentText | None = await read.one_or_none(
        select(ConsentText)
        .where(ConsentText.clinic_id == read.clinic_id)
        .order_by(ConsentText.version.desc())
        .limit(1)
    )
    return found


async def consent_texts(read: ReadSession) -> list[ConsentText]:
    """Every published version, the newest first."""
    rows = await read.scalars(
        select(ConsentText)
        .where(ConsentText.clinic_id == read.clinic_id)
        .order_by(ConsentText.version.desc())
    )
    return list(rows)


async def publish_consent(write: WriteSession, *, body_en: str, body_es: str) -> ConsentText:
    """Publish the next version. Earlier ones stay as they were shown to those who agreed to them."""
    last = await write.scalar(
        select(func.max(ConsentText.version)).where(ConsentText.clinic_id == write.clinic_id)
    )
    actor = write.actor_or_none
    text = ConsentText(
        version=(last or 0) + 1,
        body_en=body_en,
        body_es=body_es,
        published_by=actor.account_id if actor else None,
    )
    write.add(text)
    await write.flush()
    return text
