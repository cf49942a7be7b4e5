"""The table of those who are asked into visits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from identity.person.contacts import Channel
from visits.people.domain import Agreement, GuestKind, GuestStatus, check_move


class VisitGuest(Tenant, Base):
    """One person asked into one visit. See domain.TRANSITIONS for the way from the invitation to their going.

    `account_id` is theirs alone, made when they come in by the link, and good for this visit only. `name` is as it was
    when they came in: what the patient agrees to. `sealed` is the link until it is sent.
    """

    __tablename__ = "visit_guest"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[GuestKind] = mapped_column(text_enum(GuestKind))
    status: Mapped[GuestStatus] = mapped_column(text_enum(GuestStatus), default=GuestStatus.INVITED)
    name: Mapped[str | None]
    language: Mapped[str]
    channel: Mapped[Channel | None] = mapped_column(text_enum(Channel))
    contact: Mapped[str | None]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    agreement: Mapped[Agreement | None] = mapped_column(text_enum(Agreement))
    admitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def move(self, to: GuestStatus) -> None:
        """Change the status: the only place that does. Raises domain.IllegalMove."""
        check_move(self.status, to)
        self.status = to
