"""Tables of telephone calls. Which number was rung is sealed, and forgotten after `domain.KEEP_NUMBERS`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from visits.phone.domain import CallEnd, Leg, LegStatus, Side, later


class PhoneCall(Tenant, Base):
    """One telephone call inside a visit. The database has at most one of a visit that is not over.

    `clinician_id` is who asked for it and talks in it. `connected_at` is when the two first were in it together.
    """

    __tablename__ = "phone_call"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    connected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[CallEnd | None] = mapped_column(text_enum(CallEnd))


class PhoneLeg(Tenant, Base):
    """One telephone that is rung for a call. Ringing it again is another leg; of one side, one at most is open.

    `call_sid` is twilio's id, `heard_at` when twilio last said something. `failure` is a word of `domain.refusal`.
    """

    __tablename__ = "phone_leg"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("phone_call.id"))
    side: Mapped[Side] = mapped_column(text_enum(Side))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[LegStatus] = mapped_column(text_enum(LegStatus), default=LegStatus.QUEUED)
    failure: Mapped[str | None]
    call_sid: Mapped[str | None]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    heard_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def state(self) -> Leg:
        return Leg(self.side, self.status, self.joined_at is not None)

    def hear(self, said: LegStatus, at: datetime) -> bool:
        """Take what is said of the leg: the only place that changes its status. False if it tells nothing new."""
        self.heard_at = at
        status = later(self.status, said)
        if status is self.status:
            return False
        if self.ended_at is None:
            if status is LegStatus.IN_CALL:
                self.joined_at = self.joined_at or at
            self.ended_at = None if Leg(self.side, status, False).is_open else at
        self.status = status
        return True
