"""Every seal is told outside, whatever fails between: targets, processes, disks."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import figures
from app.asgi import build_app
from core.audit import seal as audit_seal
from core.audit.anchors.anchor import Anchors, Head
from core.audit.anchors.files import FileTarget, read_file
from core.audit.anchors.publishing import MAX_BATCHES, anchor
from core.audit.anchors.target import CannotAnchor
from core.crypto import Signer
from tests.conftest import new_browser
from tests.trail import Trail


@dataclass
class Somewhere:
    """A target that fails as long as it is told to."""

    name: str = "somewhere"
    reads_back: bool = False
    fails_with: Exception | None = None
    got: list[int] = field(default_factory=list)

    def publish(self, heads: Sequence[Head], now: datetime) -> None:
        if self.fails_with:
            raise self.fails_with
        self.got += [head.batch for head in heads]

    def read(self, newest: int, signer: Signer) -> Anchors | None:
        return None


def batches_in(file: Path, trail: Trail) -> list[int]:
    return [each.batch for each in read_file(file, trail.services.audit_signer).found]


async def test_each_seal_is_told_to_every_target_once(trail: Trail, tmp_path: Path) -> None:
    clinic = await trail.clinic()
    file, other = tmp_path / "a", Somewhere()
    await trail.batches(clinic, 3, FileTarget(file), other)
    await trail.anchor(FileTarget(file), other)
    assert batches_in(file, trail) == other.got == [1, 2, 3]
    await trail.batches(clinic, 2)
    await trail.anchor(FileTarget(file), other)
    assert batches_in(file, trail) == other.got == [1, 2, 3, 4, 5], "several at once, in order"


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), TimeoutError(), CannotAnchor("AccessDenied")])
async def test_a_target_that_fails_is_told_all_that_it_missed_and_holds_up_nobody(
    trail: Trail, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clinic = await trail.clinic()
    well, ill = Somewhere("well"), Somewhere("ill")
    await trail.batches(clinic, 1, well, ill)
    ill.fails_with = failure
    caplog.set_level(logging.INFO, logger="carethread.audit")
    await trail.batches(clinic, 3, well, ill)
    assert (well.got, ill.got) == ([1, 2, 3, 4], [1])
    row = await trail.one("SELECT failures, error FROM audit_anchor WHERE target = 'ill'")
    assert (row.failures, row.error) == (3, str(failure) or type(failure).__name__)
    assert [each.msg for each in caplog.records].count("audit_anchor_failed") == 2, "the first and the second"
    ill.fails_with = None
    await trail.anchor(well, ill)
    assert ill.got == well.got
    assert caplog.records[-1].msg == "audit_anchored_again"


async def test_who_watches_sees_that_anchoring_fails_and_that_it_is_well_again(trail: Trail) -> None:
    clinic = await trail.clinic()
    ill = Somewhere(fails_with=OSError())
    services = replace(trail.services, clock=trail.clock)
    app = build_app(services)

    async def seen() -> tuple[str, float, float]:
        async with new_browser(app) as browser:
            ready = await browser.get("/health/ready")
        assert ready.status_code == 200, "requests are served all the same"
        lines = (await figures.exposition(services)).decode().splitlines()
        told = dict(line.split() for line in lines if line[0] != "#")
        return (
            ready.json().get("anchors", "ok"),
            float(told["carethread_audit_unanchored_seconds"]),
            float(told["carethread_audit_anchor_failures"]),
        )

    assert await seen() == ("ok", 0, 0)
    await trail.batches(clinic, 1, ill)
    trail.clock.advance(timedelta(minutes=4))
    await trail.anchor(ill)
    assert await seen() == ("failing", 300, 2)
    ill.fails_with = None
    await trail.anchor(ill)
    assert await seen() == ("ok", 0, 2)
    await trail.anchor()
    assert await seen() == ("ok", 0, 0), "what is no longer set is no longer watched"


async def test_a_chain_that_was_cut_or_made_anew_raises_the_alarm_and_adds_nothing_to_the_evidence(
    trail: Trail, tmp_path: Path
) -> None:
    clinic = await trail.clinic()
    target = FileTarget(tmp_path / "a")
    await trail.batches(clinic, 3, target)
    await trail.run("DELETE FROM audit_event WHERE seq = (SELECT min(seq) FROM audit_event)")
    await trail.seal_anew()
    await trail.batches(clinic, 4, target)
    assert batches_in(tmp_path / "a", trail) == [1, 2, 3]
    row = await trail.one("SELECT failures, error FROM audit_anchor")
    assert (row.failures, row.error) == (4, "chain_changed")


async def test_a_long_history_is_vouched_for_by_its_newest_seals(trail: Trail, tmp_path: Path) -> None:
    """A target that is set after years is not told millions of seals."""
    clinic = await trail.clinic()
    await trail.batches(clinic, 1)
    await trail.run(
        "INSERT INTO audit_seal SELECT n, from_xid, to_xid, seqs, digests, chain, signature, sealed_at "
        "FROM audit_seal, generate_series(2, 1500) n"
    )
    await trail.anchor(FileTarget(tmp_path / "a"))
    assert batches_in(tmp_path / "a", trail) == list(range(1501 - MAX_BATCHES, 1501))


async def test_what_a_full_disk_cut_off_is_written_again_on_a_line_of_its_own(
    trail: Trail, tmp_path: Path
) -> None:
    clinic, file = await trail.clinic(), tmp_path / "a"
    await trail.batches(clinic, 1, FileTarget(file))
    cut_short(file)
    await trail.run("UPDATE audit_anchor SET batch = 0, chain = NULL")
    await trail.batches(clinic, 1, FileTarget(file))
    assert batches_in(file, trail) == [1, 2]
    verdict = await trail.verify(file)
    assert (verdict.problems, verdict.remarks) == (
        [],
        [f"There is no anchor in line 1 of {file}: it was changed or cut off."],
    )


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


async def test_those_who_seal_and_anchor_at_once_lose_nothing(trail: Trail, tmp_path: Path) -> None:
    clinic, file = await trail.clinic(), tmp_path / "a"
    services = replace(trail.services, anchors=(FileTarget(file),))
    for _ in range(5):
        await trail.records(clinic, 2)
        if not any(await asyncio.gather(*(audit_seal.seal(services) for _ in range(3)))):
            await trail.seal()
        await asyncio.gather(*(anchor(services) for _ in range(3)))
    assert sorted(set(batches_in(file, trail))) == [1, 2, 3, 4, 5]
    verdict = await trail.verify(file)
    assert (verdict.exit_code, verdict.report.sealed) == (0, 10)


DIES = """
import asyncio, os, signal, sys
from core.audit import seal as audit_seal
from core.audit.anchors import files, publishing
from core.config import load_settings
from core.services import open_services

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

write = files.FileTarget.publish
files.FileTarget.publish = die if sys.argv[1] == "before" else lambda *given: (write(*given), die())

async def main():
    async with open_services(load_settings()) as services:
        await audit_seal.seal(services)
        await publishing.anchor(services)

asyncio.run(main())
"""


@pytest.mark.whole
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_who_is_killed_before_or_after_the_anchor_is_written_catches_up(
    trail: Trail, environment: dict[str, str], tmp_path: Path, moment: str
) -> None:
    clinic, file = await trail.clinic(), tmp_path / "a"
    await trail.batches(clinic, 2, FileTarget(file))
    await trail.records(clinic)
    apart = {
        **os.environ,
        **environment,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DATABASE_URL": trail.settings.database_url,
        "CARETHREAD_SYSTEM_DATABASE_URL": trail.settings.system_database_url,
        "CARETHREAD_AUDIT_ANCHORS": file.as_uri(),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, moment, env=apart)
    assert await process.wait() == -signal.SIGKILL
    assert (await trail.head()).batch == 3, "sealed all the same"
    assert batches_in(file, trail) == ([1, 2] if moment == "before" else [1, 2, 3])
    await trail.anchor(FileTarget(file))
    assert sorted(set(batches_in(file, trail))) == [1, 2, 3]
    assert (await trail.verify(file)).exit_code == 0
