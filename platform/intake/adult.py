"""The adult who is with a child at a visit: who is offered, what is wrong with what was said, and who it is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from identity.person.contacts import parse_dialed
from identity.related.adults import Adult, adult_of
from identity.related.models import RelatedPerson
from intake.draft import DraftAdult
from intake.questionnaires.questionnaire import Fault


def check_adult(
    said: DraftAdult, offered: Sequence[RelatedPerson], country: str, *, complete: bool
) -> list[Fault]:
    """What is wrong with who is named. Of somebody whom the clinic knows it lacks at most the number."""
    if said.relation_id is None:
        required: tuple[str, ...] = ("name", "relationship", "phone")
    else:
        chosen = _chosen(said, offered)
        if chosen is None:
            return [Fault("adult.relation_id", "adult_gone")]
        required = () if chosen.phone else ("phone",)
    missing = [name for name in required if not (getattr(said, name) or "").strip()] if complete else []
    faults = [Fault(f"adult.{name}", "required") for name in missing]
    if "phone" in required and said.phone.strip() and parse_dialed(said.phone, country) is None:
        faults.append(Fault("adult.phone", "phone_invalid"))
    return faults


def adult_in(said: DraftAdult, offered: Sequence[RelatedPerson], country: str) -> Adult | None:
    """Who is with the child, once all of it is known; else None."""
    if check_adult(said, offered, country, complete=True):
        return None
    chosen = _chosen(said, offered)
    phone = parse_dialed(said.phone, country) or ""
    if chosen:
        return adult_of(chosen, phone)
    if said.relationship is None:
        return None
    return Adult(name=said.name.strip(), relationship=said.relationship, phone=phone)


def own_relation(offered: Sequence[RelatedPerson], account_id: UUID | None) -> str | None:
    """The relation of who acts: unless they say otherwise, it is they who are with the child."""
    return next((str(each.id) for each in offered if account_id and each.account_id == account_id), None)


def _chosen(said: DraftAdult, offered: Sequence[RelatedPerson]) -> RelatedPerson | None:
    return next((each for each in offered if str(each.id) == said.relation_id), None)
