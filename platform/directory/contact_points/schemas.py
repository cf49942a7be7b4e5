"""What the routes of contact points take and give."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from directory.contact_points.domain import ContactKind, Way


class ContactForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A way to reach a patient, as somebody typed it: a telephone with its extension, or an e-mail address.

    `household`: others hear and read it too. `preferred` takes it from the one that was.
    """

    kind: ContactKind
    value: Annotated[str, Meta(max_length=254)]
    may_leave_message: bool = True
    household: bool = False
    preferred: bool = False
    note: Annotated[str, Meta(max_length=200)] = ""


class ChangeContact(ContactForm, kw_only=True):
    """`version` is the one that was on screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class ContactOut(msgspec.Struct, kw_only=True):
    """A way to reach a patient. `dialed` is value and extension together.

    `signs_in`: codes go there; it is changed where one signs in, and here only what else is known of it. Without `id`
    nothing else is known of it yet. `disputed`: somebody else said that it is theirs.
    """

    id: UUID | None
    version: int
    kind: str
    value: str
    extension: str
    dialed: str
    may_leave_message: bool
    household: bool
    preferred: bool
    note: str
    signs_in: bool
    disputed: bool


def contact_out(way: Way) -> ContactOut:
    point = way.point
    return ContactOut(
        id=way.id,
        version=point.version if point else 1,
        kind=way.kind,
        value=way.value,
        extension=way.extension,
        dialed=way.dialed,
        may_leave_message=way.may_leave_message,
        household=bool(point and point.household),
        preferred=way.preferred,
        note=point.note if point else "",
        signs_in=way.signs_in,
        disputed=way.disputed,
    )
