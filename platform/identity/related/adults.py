"""The adult who is with a child: one of those whom the clinic verified beside the child, or somebody who is named."""

import unicodedata
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from core.actor import Actor
from core.database.session import ReadSession
from identity.person.contacts import readable_phone
from identity.related.domain import ONESELF, Relationship
from identity.related.models import RelatedPerson, holds

LINE = "With the child: "

# English, as the chart is.
_WORDS: Mapping[Relationship, str] = {
    Relationship.MOTHER: "mother",
    Relationship.FATHER: "father",
    Relationship.PARENT: "parent",
    Relationship.STEP_PARENT: "step-parent",
    Relationship.GRANDPARENT: "grandparent",
    Relationship.GUARDIAN: "legal guardian",
    Relationship.SPOUSE: "spouse",
    Relationship.PARTNER: "partner",
    Relationship.CHILD: "son or daughter",
    Relationship.SIBLING: "brother or sister",
    Relationship.RELATIVE: "relative",
    Relationship.POWER_OF_ATTORNEY: "power of attorney",
    Relationship.FRIEND: "friend",
}


class Adult(msgspec.Struct, frozen=True, kw_only=True):
    """Who is with a child, as FHIR's RelatedPerson that takes part in an Encounter. `phone` is as `parse_dialed` has
    it; `relation_id` is the relation that the clinic verified, None where the name was only typed."""

    name: str
    relationship: Relationship
    phone: str
    relation_id: UUID | None = None


def adult_of(relation: RelatedPerson, phone: str) -> Adult:
    """Somebody beside a child as who is with them; `phone` counts where the clinic has none of theirs."""
    relationship = Relationship(relation.relationship)
    return Adult(
        name=relation.name, relationship=relationship, phone=relation.phone or phone, relation_id=relation.id
    )


def own(offered: Sequence[RelatedPerson], actor: Actor) -> RelatedPerson | None:
    """The relation of who acts for the child: unless they say otherwise, it is they who are with the child."""
    if not actor.is_proxy:
        return None
    return next((each for each in offered if each.account_id == actor.own_account), None)


def plain_name(typed: str) -> str:
    """A typed name without what sets it apart from the words around it: brackets and stray blanks."""
    plain = "".join(" " if unicodedata.category(letter) in ("Ps", "Pe") else letter for letter in typed)
    return " ".join(plain.split())


def in_words(adult: Adult) -> str:
    """The line with which the note of a child's visit begins. Its brackets are ours: no name has any."""
    known = "verified by the clinic" if adult.relation_id else "not verified"
    who = f"{plain_name(adult.name)} ({_WORDS[adult.relationship]}, {known})"
    return f"{LINE}{who}, {readable_phone(adult.phone)}."


async def is_child(read: ReadSession, patient_id: UUID) -> bool:
    """Whether the patient is under the clinic's age of majority today, where they live."""
    return bool(await read.scalar(select(func.is_minor(patient_id, read.now()))))


async def beside(read: ReadSession, patient_id: UUID) -> list[RelatedPerson]:
    """Those whom the clinic verified beside the patient and whose relation holds, whether they sign in or not."""
    rows = await read.scalars(
        select(RelatedPerson)
        .where(
            RelatedPerson.patient_id == patient_id,
            RelatedPerson.relationship != ONESELF,
            holds(read.now()),
        )
        .order_by(RelatedPerson.name, RelatedPerson.id)
    )
    return list(rows)
