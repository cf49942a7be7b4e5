"""The adult who is with a child at a visit: who is offered, what is wrong with what was said, and who it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from identity.person.contacts import parse_dialed
from identity.person.names import line_problem
from identity.related.adults import Adult, adult_of, plain_name
from identity.related.models import RelatedPerson
from intake.draft import DraftAdult, KeptAdult
from intake.questionnaires.questionnaire import Fault


def read_adult(said: DraftAdult, offered: Sequence[RelatedPerson], country: str) -> Adult | list[Fault]:
    """Who is with the child, or what is missing or wrong. Of somebody whom the clinic knows it lacks at most the
    number."""
    if said.relation_id is None:
        return _typed(said, country)
    chosen = next((each for each in offered if str(each.id) == said.relation_id), None)
    if chosen is None:
        return [Fault("adult.relation_id", "adult_gone")]
    phone = parse_dialed(said.phone, country)
    if chosen.phone or phone:
        return adult_of(chosen, phone or "")
    return [_phone_fault(said.phone)]


def check_adult(
    said: DraftAdult, offered: Sequence[RelatedPerson], country: str, *, complete: bool
) -> list[Fault]:
    """What is wrong with who is named, with (`complete`) or without what is missing."""
    found = read_adult(said, offered, country)
    faults = found if isinstance(found, list) else []
    return [fault for fault in faults if complete or fault.code != "required"]


def kept(said: DraftAdult, known: KeptAdult, account_id: UUID) -> KeptAdult:
    """Who an account says is with the child. The number that was given before stays only with the same adult."""
    same = (said.relation_id, plain_name(said.name)) == (known.relation_id, plain_name(known.name))
    if said.phone_given and same and not said.phone.strip():
        phone, phone_by = known.phone, known.phone_by
    else:
        phone, phone_by = said.phone, account_id if said.phone.strip() else None
    return KeptAdult(said.relation_id, said.name, said.relationship, phone, phone_by=phone_by)


def told(adult: KeptAdult, account_id: UUID | None, *, sent: bool) -> DraftAdult:
    """The same for the family. A typed number is for who typed it, until the form is sent: parents may live apart."""
    shown = not sent and adult.phone_by is not None and adult.phone_by == account_id
    phone = adult.phone if shown else ""
    return DraftAdult(
        adult.relation_id, adult.name, adult.relationship, phone, phone_given=bool(adult.phone) and not shown
    )


def named(stored: dict[str, Any] | None) -> KeptAdult | None:
    """Whom a visit names, as a draft has it."""
    if stored is None:
        return None
    adult = msgspec.convert(stored, Adult)
    relation_id = str(adult.relation_id) if adult.relation_id else None
    return KeptAdult(relation_id, "" if relation_id else adult.name, adult.relationship, adult.phone)


def _typed(said: DraftAdult, country: str) -> Adult | list[Fault]:
    name, relationship, phone = plain_name(said.name), said.relationship, parse_dialed(said.phone, country)
    name_code = line_problem(said.name.strip()) if name else "required"
    if relationship and phone and not name_code:
        return Adult(name=name, relationship=relationship, phone=phone)
    faults = [Fault("adult.name", name_code)] if name_code else []
    if relationship is None:
        faults.append(Fault("adult.relationship", "required"))
    return faults if phone else [*faults, _phone_fault(said.phone)]


def _phone_fault(typed: str) -> Fault:
    return Fault("adult.phone", "phone_invalid" if typed.strip() else "required")
