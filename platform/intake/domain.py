"""Rules over the whole intake document: what is missing or wrong, and which red flags were read. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from chart.prescribing.knowledge.nothing import means_none
from core.rules.text import Text
from identity.related.models import RelatedPerson
from intake.adult import check_adult
from intake.draft import DraftAllergy, DraftMedicine, IntakeDraft, KeptDraft
from intake.location import check_contact, check_location
from intake.questionnaires import checking, evaluation
from intake.questionnaires.questionnaire import Fault, Questionnaire
from intake.red_flags.explanation import Raised
from intake.red_flags.rules import Triage


class RaisedFlag(msgspec.Struct):
    """A red flag in the history of one intake.

    It stays when the patient changes the answer: `active` then turns false, `changed_at` says when, and the clinic
    sees both. `version` is that of the rule, `because` what raised it last; None in what was stored before they were.
    """

    id: str
    level: str
    raised_at: dt.datetime
    active: bool = True
    acknowledged_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    version: int | None = None
    because: Text | None = None


class Consent(msgspec.Struct, frozen=True):
    """A text to agree to, exactly as shown. `hash` is the SHA-256 of its UTF-8 bytes, in hex."""

    version: int
    language: str
    text: str

    @property
    def hash(self) -> str:
        """What the patient's agreement names, so that a text changed meanwhile is noticed."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def check(
    draft: IntakeDraft,
    questionnaire: Questionnaire,
    triage: Triage,
    today: dt.date,
    *,
    complete: bool,
    adults: Sequence[RelatedPerson] | None = None,
) -> list[Fault]:
    """What is wrong with the document, in the order of the steps.

    With `complete=False` only what was entered is looked at; with `complete=True` what is missing counts too. `adults`
    are offered to be with a child; None for a patient of age. Nobody in danger waits until an adult is named.
    """
    faults = [*_check_identity(draft, complete)]
    if adults is not None and not triage.flags:
        faults += check_adult(draft.adult, adults, draft.location.country, complete=complete)
    faults += check_location(draft.location, complete=complete)
    faults += check_contact(draft.contact, draft.location.country, complete=complete)
    faults += _check_answers(draft, questionnaire, triage, today, complete)
    if complete:
        faults += _check_list("allergies", draft.allergies, draft.no_allergies)
        faults += _check_list("medicines", draft.medicines, draft.no_medicines)
        if not draft.pharmacy.id and not draft.pharmacy.name.strip():
            faults.append(Fault("pharmacy.id", "required"))
        if not draft.consent.agreed:
            faults.append(Fault("consent.agreed", "required"))
        if not draft.consent.signature.strip():
            faults.append(Fault("consent.signature", "required"))
    return faults


def asked_only(draft: KeptDraft, questionnaire: Questionnaire, triage: Triage) -> KeptDraft:
    """The document without answers to questions that are not asked, whatever a device sent."""
    asked = {item.link_id for item in evaluation.enabled(questionnaire, draft.answers)}
    asked |= {rule.ask_path for rule in triage.asks}
    answers = {link_id: answer for link_id, answer in draft.answers.items() if link_id in asked}
    return msgspec.structs.replace(draft, answers=answers)


def raise_flags(known: Sequence[RaisedFlag], found: Sequence[Raised], now: dt.datetime) -> list[RaisedFlag]:
    """The flags after a save: known ones switched on or off by the answers, new ones added."""
    active = {flag.rule.id: flag for flag in found}
    kept = [_held(flag, active.get(flag.id), now) for flag in known]
    ids = {flag.id for flag in known}
    new = [RaisedFlag(each.rule.id, each.rule.level.value, now) for each in found if each.rule.id not in ids]
    return kept + [_held(flag, active[flag.id], now) for flag in new]


def _held(flag: RaisedFlag, found: Raised | None, now: dt.datetime) -> RaisedFlag:
    """A flag after a save. One that no longer holds keeps why it was raised."""
    if found is None:
        return msgspec.structs.replace(flag, active=False, changed_at=flag.changed_at or now)
    _, decision = found
    return msgspec.structs.replace(
        flag, active=True, changed_at=None, version=decision.version, because=decision.because
    )


def acknowledge(flags: Sequence[RaisedFlag], ids: Sequence[str], now: dt.datetime) -> list[RaisedFlag]:
    """The flags after the patient has read what they say; the first reading is the one that is kept."""
    return [
        msgspec.structs.replace(flag, acknowledged_at=now)
        if flag.id in ids and flag.acknowledged_at is None
        else flag
        for flag in flags
    ]


def unread(flags: Sequence[RaisedFlag]) -> list[RaisedFlag]:
    """The flags that the patient has yet to read before going on."""
    return [flag for flag in flags if flag.active and flag.acknowledged_at is None]


def _check_identity(draft: IntakeDraft, complete: bool) -> list[Fault]:
    if draft.identity.confirmed == "no" and not draft.identity.note.strip():
        return [Fault("identity.note", "required")] if complete else []
    if complete and not draft.identity.confirmed:
        return [Fault("identity.confirmed", "required")]
    return []


def _check_answers(
    draft: IntakeDraft, questionnaire: Questionnaire, triage: Triage, today: dt.date, complete: bool
) -> list[Fault]:
    faults = [
        msgspec.structs.replace(fault, path=f"answers.{fault.path}")
        for fault in checking.check(questionnaire, draft.answers, today, complete=complete)
    ]
    for rule in triage.asks:
        answer: Any = draft.answers.get(rule.ask_path)
        if answer is None:
            if complete:
                faults.append(Fault(f"answers.{rule.ask_path}", "required"))
        elif not isinstance(answer, bool):
            faults.append(Fault(f"answers.{rule.ask_path}", "invalid"))
    return faults


def only_none(entries: Sequence[DraftAllergy] | Sequence[DraftMedicine]) -> bool:
    """Whether all that is left of the entries says that there are none: 'NKDA', 'ninguna', '-'."""
    left = [entry for entry in entries if entry.status != "removed"]
    return bool(left) and all(_says_none(entry) for entry in left)


def _says_none(entry: DraftAllergy | DraftMedicine) -> bool:
    return means_none(entry.substance if isinstance(entry, DraftAllergy) else entry.name)


def _check_list(
    name: str, entries: Sequence[DraftAllergy] | Sequence[DraftMedicine], none: bool
) -> list[Fault]:
    """Each entry from the record is confirmed or removed, each new one has a name; an empty list says so."""
    faults = []
    for entry in entries:
        text = entry.substance if isinstance(entry, DraftAllergy) else entry.name
        field = "substance" if isinstance(entry, DraftAllergy) else "name"
        if not entry.status:
            faults.append(Fault(f"{name}.{entry.key}.status", "required"))
        elif not text.strip():
            faults.append(Fault(f"{name}.{entry.key}.{field}", "required"))
    left = [entry for entry in entries if entry.status != "removed"]
    if not left and not none and not faults:
        faults.append(Fault(f"no_{name}", "required"))
    if none and any(not _says_none(entry) for entry in left):
        faults.append(Fault(f"no_{name}", "contradiction"))
    return faults
