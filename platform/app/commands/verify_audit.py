"""`carethread verify-audit`: the audit against its seals, the seals against their anchors, both against clinics."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.audit.anchors.anchor import Anchor, Anchors
from core.audit.anchors.files import read_file
from core.audit.anchors.target import CannotAnchor, Target
from core.audit.dates import GRACE
from core.audit.seal import AuditReport, verify
from core.config import Settings
from core.services import Services, open_services

BROKEN = 1
"""Exit code: the audit is not what was sealed and anchored."""
REMARKS = 3
"""Exit code: the audit is what was sealed, and something in it or around it wants a look. Click has 2."""
BEHIND = timedelta(minutes=10)
"""How long sealing may go on while a target is told nothing."""

# The first record of each clinic, and when the first person came to it.
_CLINICS = text("""
    SELECT c.id, c.slug, c.created_at, c.demo, first.at AS audited_at,
           least((SELECT min(created_at) FROM account a WHERE a.clinic_id = c.id),
                 (SELECT min(created_at) FROM patient p WHERE p.clinic_id = c.id),
                 (SELECT min(created_at) FROM visit v WHERE v.clinic_id = c.id)) AS peopled_at,
           (SELECT count(*) FROM patient p WHERE p.clinic_id = c.id) AS patients
      FROM clinic c
      LEFT JOIN LATERAL (SELECT at FROM audit_event e WHERE e.clinic_id = c.id ORDER BY seq LIMIT 1) first ON true
     ORDER BY c.slug
""")
_NEWEST = text("SELECT coalesce(max(batch), 0) FROM audit_seal")
_TOLD = text("SELECT target, batch, chain FROM audit_anchor WHERE batch > 0")
_UNTOLD = text("SELECT batch, sealed_at FROM audit_seal WHERE batch > :batch ORDER BY batch LIMIT 1")
_LAST_SEALED = text("SELECT max(sealed_at) FROM audit_seal")


class Verdict(msgspec.Struct):
    """What was found, in sentences. A problem says that something was changed or lost, a remark may be harmless."""

    report: AuditReport
    problems: list[str] = []
    remarks: list[str] = []
    notes: list[str] = []

    @property
    def exit_code(self) -> int:
        return BROKEN if self.problems else REMARKS if self.remarks else 0

    @property
    def lines(self) -> list[str]:
        """All of it, to be printed."""
        report = self.report
        whole = (
            f"The audit verifies: {report.sealed} records in {report.batches} sealed batches, "
            f"{report.waiting} not yet sealed."
        )
        found = [f"The audit does not verify: {problem}." for problem in self.problems] or [whole]
        head = [f"Head: {report.head}"] if report.head and not report.problem else []
        return [*found, *head, *self.notes, *(f"Look at this: {remark}" for remark in self.remarks)]


async def verify_audit(settings: Settings, expected: Sequence[Anchor], files: Sequence[Path]) -> Verdict:
    """Verify against ``expected``, the anchors in ``files``, and those that the settings' targets give back.

    Anchors are read before the audit is, so that a seal made meanwhile is no riddle.
    """
    async with open_services(settings) as services:
        verdict = Verdict(AuditReport(0, 0, 0))
        anchors = [
            *expected,
            *await _of_files(services, verdict, files),
            *await _of_targets(services, verdict),
        ]
        whole = services.system.execution_options(isolation_level="REPEATABLE READ")
        async with whole.connect() as connection:
            clinics = (await connection.execute(_CLINICS)).all()
            verdict.report = report = await verify(
                connection,
                services.audit_signer,
                now=services.clock.now(),
                expected=anchors,
                since={clinic.id: None if clinic.demo else clinic.created_at for clinic in clinics},
            )
            if report.problem:
                verdict.problems.insert(0, report.problem)
            verdict.problems += [said for clinic in clinics if (said := _missing(clinic))]
            verdict.remarks += report.misdated
        if report.waiting_since:
            verdict.notes.append(
                f"The oldest record that is not yet sealed is of {_told(report.waiting_since)}."
            )
        return verdict


async def _of_files(services: Services, verdict: Verdict, files: Sequence[Path]) -> list[Anchor]:
    found: list[Anchor] = []
    for file in files:
        found += _taken(verdict, await asyncio.to_thread(read_file, file, services.audit_signer))
    return found


async def _of_targets(services: Services, verdict: Verdict) -> list[Anchor]:
    """What the targets hold, and what the database says that they were told."""
    async with services.system.connect() as connection:
        told = {row.target: row for row in await connection.execute(_TOLD)}
        newest = await connection.scalar(_NEWEST)
        found: list[Anchor] = []
        for target in services.anchors:
            anchors = await _of_target(services, verdict, target, newest, told.get(target.name))
            found += anchors
            if anchors:
                await _note_reach(connection, verdict, target, max(anchor.batch for anchor in anchors))
    return [
        *found,
        *(Anchor(row.batch, row.chain, f"the database's note on {row.target}") for row in told.values()),
    ]


async def _of_target(
    services: Services, verdict: Verdict, target: Target, newest: int, told: Row[Any] | None
) -> list[Anchor]:
    try:
        held = await asyncio.to_thread(target.read, newest, services.audit_signer)
    except (OSError, CannotAnchor) as error:
        verdict.remarks.append(
            f"The anchors in {target.name} cannot be read ({type(error).__name__}: {error})."
        )
        return []
    if held is None or not (held.found or held.forged or held.unread):
        if told and target.reads_back:
            verdict.problems.append(
                f"the anchors in {target.name} are gone: it was told of {told.batch} sealed batches"
            )
        elif target.reads_back:
            verdict.notes.append(f"Nothing is anchored in {target.name} yet.")
        return []
    return _taken(verdict, held)


async def _note_reach(connection: AsyncConnection, verdict: Verdict, target: Target, batch: int) -> None:
    """Say how far a target got, and when sealing went on for long without it."""
    verdict.notes.append(f"Anchored in {target.name}: up to batch {batch}.")
    first = (await connection.execute(_UNTOLD, {"batch": batch})).one_or_none()
    if first and await connection.scalar(_LAST_SEALED) - first.sealed_at > BEHIND:
        verdict.remarks.append(
            f"{target.name} has no anchor of batch {first.batch}, sealed {_told(first.sealed_at)}, nor of a later one."
        )


def _taken(verdict: Verdict, anchors: Anchors) -> list[Anchor]:
    verdict.problems += [f"{source} was changed, or is of another audit key" for source in anchors.forged]
    verdict.remarks += [
        f"There is no anchor in {source}: it was changed or cut off." for source in anchors.unread
    ]
    return anchors.found


def _missing(clinic: Row[Any]) -> str | None:
    """What is wrong if the records of a clinic do not begin with its first person: each is recorded when made."""
    if clinic.peopled_at is None or (clinic.audited_at and clinic.audited_at <= clinic.peopled_at + GRACE):
        return None
    holds = f"begins on {_told(clinic.audited_at)}" if clinic.audited_at else "is empty"
    return (
        f"the audit of clinic {clinic.slug} {holds}, and the clinic has had people since {_told(clinic.peopled_at)} "
        f"(patients: {clinic.patients})"
    )


def _told(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
