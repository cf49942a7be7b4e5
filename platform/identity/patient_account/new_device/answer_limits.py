"""Answers about who one is, counted: the asker first, then the contact whose people are asked about."""

from sqlalchemy import text

from core.database.session import WriteSession
from identity import limits
from identity.limits import Limiter
from identity.person.contacts import Contact
from identity.sessions.service import Browser


class Answers:
    """The answers of one asker about one contact. Wrong ones count for a day, at whichever door they were given."""

    def __init__(self, write: WriteSession, contact: Contact, browser: Browser) -> None:
        self._write, self._contact = write, contact
        self._limiter = Limiter(write.services)
        who = (write.clinic_id, contact.value)
        self._limits = (
            (limits.ANSWERS_BY_ASKER, (browser.address, *who)),
            (limits.WRONG_ANSWERS, who),
        )

    async def may_answer(self) -> bool:
        """Whether one more answer is heard. Until this transaction is over no other about this contact is."""
        await self._write.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 3))"),
            {"who": f"{self._write.clinic_id}:{self._contact.value}"},
        )
        return all([await self._limiter.has_room(limit, *who) for limit, who in self._limits])

    async def was_wrong(self) -> None:
        """Count one."""
        for limit, who in self._limits:
            await self._limiter.allows(limit, *who)
