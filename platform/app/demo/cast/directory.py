"""What the desk wrote down of the two patients whom the welcome names: other telephones, and numbers from elsewhere."""

from app.demo.cast.crew import Crew
from core.database.session import WriteSession
from directory.contact_points import service as contacts
from directory.contact_points.domain import ContactKind
from directory.contact_points.schemas import ContactForm
from directory.identifiers import service as identifiers
from directory.identifiers.domain import IdentifierKind
from directory.identifiers.schemas import IdentifierForm

_HOME = ContactForm(
    kind=ContactKind.HOME,
    value="(518) 555-0190",
    may_leave_message=False,
    household=True,
    note="After six in the evening",
)
_WORK = ContactForm(kind=ContactKind.WORK, value="(518) 555-0191 ext. 24", preferred=True)
_MEMBER = IdentifierForm(kind=IdentifierKind.MEMBER, issuer="Hudson Health Plan", value="HHP 4410 2298")
_LICENSE = IdentifierForm(kind=IdentifierKind.LICENSE, issuer="New York", value="512 843 991")


async def write_down(write: WriteSession, crew: Crew) -> None:
    """As a coordinator."""
    (_, first), (_, second) = crew.patients[:2]
    await contacts.add(write, first.own_patient, _HOME)
    await contacts.add(write, second.own_patient, _WORK)
    for form in (_MEMBER, _LICENSE):
        await identifiers.add(write, first.own_patient, form)
