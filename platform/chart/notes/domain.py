"""What a note says, when it may change, and the exact bytes that are signed. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from chart.terminology.loinc import Limits, plausible
from identity.related.adults import LINE, Adult, in_words

SECTION_LIMIT = 20_000
LINE_LIMIT = 500
MAX_LINES = 50
MAX_DUE_DAYS = 730
FORMAT = "carethread.note/1"


class NoteStatus(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    SIGNED = "signed"


TRANSITIONS: Mapping[NoteStatus, frozenset[NoteStatus]] = {
    NoteStatus.DRAFT: frozenset({NoteStatus.DRAFT, NoteStatus.READY}),
    # Any edit takes a ready note back to draft: what was shown for signing is no longer what it says.
    NoteStatus.READY: frozenset({NoteStatus.DRAFT, NoteStatus.READY, NoteStatus.SIGNED}),
    NoteStatus.SIGNED: frozenset(),
}


class PlanKind(StrEnum):
    """What a plan item asks of the clinic; each becomes a task when the note is signed."""

    CALL = "call"
    LAB = "lab"
    RECHECK = "recheck"
    REFERRAL = "referral"
    OTHER = "other"


class DiagnosisLine(msgspec.Struct, frozen=True):
    """A billable ICD-10-CM code; the first of the list is the primary one."""

    code: str
    display: str
    add_to_problems: bool = False


class VitalLine(msgspec.Struct, frozen=True):
    """A measurement told by the patient during the visit: a LOINC code and a value in the unit (UCUM)."""

    code: str
    value: Decimal
    unit: str


class PlanLine(msgspec.Struct, frozen=True):
    """One thing to do after the visit; `id` is chosen by the editor, so that merging knows a line again."""

    id: UUID
    kind: PlanKind
    title: str
    due_in_days: int | None = None
    detail: str = ""


class NoteContent(msgspec.Struct, frozen=True):
    """The four sections in plain text, and what is structured beside them."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""
    diagnoses: list[DiagnosisLine] = []
    vitals: list[VitalLine] = []
    plan_items: list[PlanLine] = []


class SignedDocument(msgspec.Struct, frozen=True):
    """All that a signature covers. Its canonical bytes are shown for review, then signed, then kept."""

    format: str
    clinic_id: UUID
    visit_id: UUID
    note_id: UUID
    version: int
    patient: dict[str, str]
    author: dict[str, str]
    content: NoteContent


def problems_with(content: NoteContent, vital_limits: Mapping[str, Limits]) -> dict[str, str]:
    """Field path -> error code for everything that may not be saved; `vital_limits` by LOINC code."""
    return dict(_problems(content, vital_limits))


def missing_for_signing(content: NoteContent) -> dict[str, str]:
    """What a note may lack while it is written and not when it is signed."""
    missing = {}
    if not content.assessment.strip() and not content.diagnoses:
        missing["content.assessment"] = "assessment_or_diagnosis_required"
    if not content.plan.strip() and not content.plan_items:
        missing["content.plan"] = "plan_required"
    return missing


def _problems(content: NoteContent, vital_limits: Mapping[str, Limits]) -> Iterator[tuple[str, str]]:
    for name in ("subjective", "objective", "assessment", "plan"):
        yield from _text(f"content.{name}", getattr(content, name), SECTION_LIMIT)
    for name in ("diagnoses", "vitals", "plan_items"):
        if len(getattr(content, name)) > MAX_LINES:
            yield f"content.{name}", "too_many_items"
    codes = [line.code for line in content.diagnoses]
    for at, line in enumerate(content.diagnoses):
        yield from _text(f"content.diagnoses.{at}.display", line.display, LINE_LIMIT)
        if codes.index(line.code) != at:
            yield f"content.diagnoses.{at}.code", "duplicate"
    for at, vital in enumerate(content.vitals):
        limits = vital_limits.get(vital.code)
        if limits is None:
            yield f"content.vitals.{at}.code", "unknown_code"
        elif not plausible(vital.value, limits):
            yield f"content.vitals.{at}.value", "implausible"
    for at, item in enumerate(content.plan_items):
        yield from _text(f"content.plan_items.{at}.title", item.title, LINE_LIMIT)
        yield from _text(f"content.plan_items.{at}.detail", item.detail, SECTION_LIMIT)
        if not item.title.strip():
            yield f"content.plan_items.{at}.title", "required"
        if item.due_in_days is not None and not 0 <= item.due_in_days <= MAX_DUE_DAYS:
            yield f"content.plan_items.{at}.due_in_days", "out_of_range"


def _text(path: str, value: str, limit: int) -> Iterator[tuple[str, str]]:
    if len(value) > limit:
        yield path, "too_long"
    # PostgreSQL stores no NUL, and a lone surrogate has no UTF-8: either would fail later and less clearly.
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        yield path, "unsupported_character"


def prefilled(intake: Mapping[str, Any] | None, adult: Adult | None = None) -> NoteContent:
    """The first version, from what the patient told at intake (`visit.intake_summary`) and who is with a child; empty
    without either."""
    if not intake and adult is None:
        return NoteContent()
    told = (_lines(intake, "narrative") or _line_by_line(intake)) + _flag_lines(intake) if intake else []
    text = "\n".join([in_words(adult), *told] if adult else told)
    return NoteContent(subjective=text[:SECTION_LIMIT], objective="Seen by video.")


def with_adult(content: NoteContent, ours: str | None, adult: Adult) -> NoteContent | None:
    """The note with who is with the child by now. `ours` is the line that we wrote last: it is replaced where it still
    stands, and one is added where there is none. None where the clinician wrote that line: it is theirs."""
    right, lines = in_words(adult), content.subjective.split("\n")
    if right in lines:
        return content
    if ours in lines:
        lines[lines.index(ours)] = right
    elif any(line.startswith(LINE) for line in lines):
        return None
    else:
        lines = [right, *lines] if content.subjective else [right]
    told = "\n".join(lines)
    return msgspec.structs.replace(content, subjective=told) if len(told) <= SECTION_LIMIT else None


def _line_by_line(intake: Mapping[str, Any]) -> list[str]:
    """An intake that was kept without a narrative."""
    told = [str(intake.get("chief_complaint") or "").strip()]
    told += [f"- {line}" for line in _lines(intake, "hpi_lines")]
    if review := _lines(intake, "ros"):
        told.append("Review of systems: " + "; ".join(review))
    medicines, allergies = _lines(intake, "medicines"), _lines(intake, "allergies")
    told.append("Medicines (patient-reported): " + ("; ".join(medicines) or "none reported"))
    told.append("Allergies (patient-reported): " + ("; ".join(allergies) or "none reported"))
    return [line for line in told if line]


def _flag_lines(intake: Mapping[str, Any]) -> list[str]:
    told = []
    if flags := _lines(intake, "flags"):
        told.append("Flags raised at intake: " + "; ".join(flags))
    if changed := _lines(intake, "changed_flags"):
        told.append("Flags raised at intake, answers changed since: " + "; ".join(changed))
    return told


def _lines(intake: Mapping[str, Any], name: str) -> list[str]:
    """The lines of one part of the intake; an entry is plain text, or an object with a `title` (flags) or a `text`."""
    found = []
    for entry in intake.get(name) or []:
        line = entry.get("title") or entry.get("text") or "" if isinstance(entry, dict) else str(entry)
        if line := " ".join(str(line).split()):
            found.append(line)
    return found
