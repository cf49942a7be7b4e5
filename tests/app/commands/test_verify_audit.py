"""`carethread verify-audit` against somebody who has the database, the key, the anchors, or two of them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.commands.verify_audit import BROKEN, REMARKS, Verdict
from core import json
from core.audit.anchors.anchor import Anchor
from core.audit.anchors.files import FileTarget
from tests.trail import Trail

CUT = (
    "DELETE FROM audit_seal WHERE batch > 3",
    "DELETE FROM audit_event WHERE seq > (SELECT max(s) FROM audit_seal, unnest(seqs) s)",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


async def test_what_nobody_touched_verifies_and_its_head_is_told(trail: Trail, file: Path) -> None:
    clinic = await trail.clinic()
    await trail.person(clinic)
    await trail.seal()
    await trail.batches(clinic, 4, FileTarget(file))
    await trail.records(clinic)
    head = await trail.head()
    verdict = await trail.verify(expect=[head], anchored_in=file.as_uri())
    assert (verdict.exit_code, verdict.problems, verdict.remarks) == (0, [], [])
    assert verdict.lines[:2] == [
        "The audit verifies: 9 records in 5 sealed batches, 1 not yet sealed.",
        f"Head: 5:{head.chain.hex()}",
    ]
    assert f"Anchored in {file.as_uri()}: up to batch 5." in verdict.lines
    assert (await trail.verify(file)).exit_code == 0, "a copy of the file does as well"


@pytest.mark.parametrize("kept_as", ["expected head", "file", "copy of the file", "database's note"])
async def test_an_end_that_was_cut_off_is_named(trail: Trail, file: Path, kept_as: str) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 5, FileTarget(file))
    head = await trail.head()
    await trail.run(*CUT)
    if kept_as != "database's note":
        await trail.run("DELETE FROM audit_anchor")
        assert (await trail.verify()).exit_code == 0, "without an anchor nobody can know"
    verdict = await {
        "expected head": lambda: trail.verify(expect=[head]),
        "file": lambda: trail.verify(anchored_in=file.as_uri()),
        "copy of the file": lambda: trail.verify(file),
        "database's note": lambda: trail.verify(),
    }[kept_as]()
    assert verdict.exit_code == BROKEN
    assert "its end was cut off: it has 3 batches, and" in verdict.problems[0]
    assert f"5:{head.chain.hex()}" in verdict.problems[0]


Attack = Callable[[Trail], Awaitable[None]]


async def emptied(trail: Trail) -> None:
    await trail.run("TRUNCATE audit_event, audit_seal")


async def emptied_row_by_row(trail: Trail) -> None:
    await trail.run("DELETE FROM audit_event", "DELETE FROM audit_seal")


async def emptied_with_all_notes(trail: Trail) -> None:
    await trail.run("TRUNCATE audit_event, audit_seal, audit_anchor RESTART IDENTITY")


async def emptied_and_gone_on(trail: Trail) -> None:
    await emptied_with_all_notes(trail)
    trail.clock.advance(timedelta(days=40))
    clinic = await trail.one("SELECT id FROM clinic WHERE slug = 'river'")
    await trail.batches(clinic.id, 3)


async def one_clinics_rows_gone_and_sealed_anew(trail: Trail) -> None:
    await trail.run(
        "DELETE FROM audit_event WHERE clinic_id = (SELECT id FROM clinic WHERE slug = 'river')",
        "DELETE FROM audit_anchor",
    )
    await trail.seal_anew()


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (emptied, "of clinic river is empty"),
        (emptied_row_by_row, "of clinic river is empty"),
        (emptied_with_all_notes, "of clinic river is empty"),
        (emptied_and_gone_on, "of clinic river begins on"),
        (one_clinics_rows_gone_and_sealed_anew, "of clinic river is empty"),
    ],
)
async def test_an_emptied_audit_of_a_clinic_with_people_is_an_error_without_any_anchor(
    trail: Trail, attack: Attack, says: str
) -> None:
    river, hill = await trail.clinic("river"), await trail.clinic("hill")
    for clinic in (river, hill):
        await trail.person(clinic)
        await trail.batches(clinic, 2)
    await trail.clinic("nobody-yet")
    assert (await trail.verify()).exit_code == 0
    await attack(trail)
    verdict = await trail.verify()
    assert verdict.exit_code == BROKEN
    assert says in " ".join(verdict.problems)
    assert "nobody-yet" not in " ".join(verdict.problems)


async def row_in_the_middle_deleted(trail: Trail) -> None:
    await trail.run("DELETE FROM audit_event WHERE seq = (SELECT seqs[1] FROM audit_seal WHERE batch = 3)")


async def one_clinics_rows_deleted(trail: Trail) -> None:
    await trail.run("DELETE FROM audit_event WHERE clinic_id = (SELECT id FROM clinic WHERE slug = 'river')")


async def a_seal_in_the_middle_deleted(trail: Trail) -> None:
    await trail.run("DELETE FROM audit_seal WHERE batch = 3")


async def numbers_of_two_rows_exchanged(trail: Trail) -> None:
    await trail.run(
        "UPDATE audit_event a SET entity_id = b.entity_id FROM audit_event b, audit_seal s "
        "WHERE s.batch = 3 AND ((a.seq = s.seqs[1] AND b.seq = s.seqs[2]) OR (a.seq = s.seqs[2] AND b.seq = s.seqs[1]))"
    )


async def time_of_a_seal_changed(trail: Trail) -> None:
    await trail.run("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 second' WHERE batch = 3")


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (row_in_the_middle_deleted, "was removed"),
        (one_clinics_rows_deleted, "was removed"),
        (numbers_of_two_rows_exchanged, "was changed"),
        (a_seal_in_the_middle_deleted, "seal 3 does not follow"),
        (time_of_a_seal_changed, "seal 3 does not follow"),
    ],
)
async def test_what_was_changed_inside_is_named_by_the_seals_alone(
    trail: Trail, attack: Attack, says: str
) -> None:
    river, hill = await trail.clinic("river"), await trail.clinic("hill")
    await trail.batches(hill, 1)
    await trail.batches(river, 3)
    await trail.batches(hill, 1)
    await attack(trail)
    verdict = await trail.verify()
    assert verdict.exit_code == BROKEN
    assert says in verdict.problems[0]


async def test_seals_made_anew_without_the_key_are_named(trail: Trail) -> None:
    """The chain is public arithmetic; the signature is not."""
    clinic = await trail.clinic()
    await trail.batches(clinic, 3)
    signature = (await trail.one("SELECT signature FROM audit_seal WHERE batch = 2")).signature
    await trail.run("DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)")
    await trail.seal_anew()
    await trail.run("UPDATE audit_seal SET signature = :old", old=signature)
    verdict = await trail.verify()
    assert verdict.problems == ["seal 1 has a wrong signature"]


async def test_seals_made_anew_with_the_key_are_named_by_the_anchor(trail: Trail, file: Path) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 3, FileTarget(file))
    await trail.run("DELETE FROM audit_event WHERE seq = (SELECT min(seq) FROM audit_event)")
    await trail.run("DELETE FROM audit_anchor")
    await trail.seal_anew()
    assert (await trail.verify()).exit_code == 0, "the seals alone cannot know"
    verdict = await trail.verify(file)
    assert verdict.exit_code == BROKEN
    assert f"seal 1 is not the one that was made: line 1 of {file} has 1:" in verdict.problems[0]


async def test_a_cut_audit_that_went_on_is_named(trail: Trail, file: Path) -> None:
    """The numbers of the batches have caught up with those of the anchors."""
    clinic = await trail.clinic()
    await trail.batches(clinic, 5, FileTarget(file))
    await trail.run(*CUT, "DELETE FROM audit_anchor")
    await trail.batches(clinic, 4)
    verdict = await trail.verify(file)
    assert verdict.exit_code == BROKEN
    assert "seal 4 is not the one that was made: line 4" in verdict.problems[0]


def change_line(file: Path, place: int, edit: Callable[[str], str]) -> None:
    lines = file.read_text().splitlines()
    lines[place] = edit(lines[place])
    file.write_text("\n".join(lines) + "\n")


def _change(name: str, value: object) -> Callable[[str], str]:
    return lambda line: json.encode_text({**json.decode(line), name: value})


@pytest.mark.parametrize(
    ("edit", "code", "says"),
    [
        (_change("chain", "ab" * 32), BROKEN, "line 2 of {file} was changed"),
        (_change("signature", "ab" * 64), BROKEN, "line 2 of {file} was changed"),
        (_change("batch", 7), BROKEN, "line 2 of {file} has 7:"),
        (_change("batch", 1), BROKEN, "line 2 of {file} has 1:"),
        (_change("batch", "two"), REMARKS, "no anchor in line 2 of {file}"),
        (_change("chain", "short"), REMARKS, "no anchor in line 2 of {file}"),
        (lambda line: line[:40], REMARKS, "no anchor in line 2 of {file}"),
        (lambda line: "\0" * 40, REMARKS, "no anchor in line 2 of {file}"),
    ],
)
async def test_a_line_of_the_anchors_that_was_edited_is_named(
    trail: Trail, file: Path, edit: Callable[[str], str], code: int, says: str
) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 3, FileTarget(file))
    change_line(file, 1, edit)
    verdict = await trail.verify(file)
    assert verdict.exit_code == code
    assert says.format(file=file) in " ".join([*verdict.problems, *verdict.remarks])


@pytest.mark.parametrize("lose", [Path.unlink, lambda file: file.write_text("")], ids=["removed", "emptied"])
async def test_anchors_that_are_gone_are_missed(
    trail: Trail, file: Path, lose: Callable[[Path], object]
) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 2)
    first = await trail.verify(anchored_in=file.as_uri())
    assert (first.exit_code, first.notes) == (0, [f"Nothing is anchored in {file.as_uri()} yet."])
    await trail.anchor(FileTarget(file))
    lose(file)
    verdict = await trail.verify(anchored_in=file.as_uri())
    assert verdict.exit_code == BROKEN
    assert f"the anchors in {file.as_uri()} are gone" in verdict.problems[0]


async def test_a_target_that_long_got_nothing_is_named(trail: Trail, file: Path) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 2, FileTarget(file))
    await trail.batches(clinic, 5)
    assert (await trail.verify(anchored_in=file.as_uri())).exit_code == 0, "it may yet catch up"
    await trail.batches(clinic, 10)
    verdict = await trail.verify(anchored_in=file.as_uri())
    assert verdict.exit_code == REMARKS
    assert "has no anchor of batch 3" in verdict.remarks[0]


async def test_anchors_are_read_from_logs_of_any_kind(trail: Trail, tmp_path: Path) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 3)
    head = await trail.head()
    kinds = {
        "plain": f"{head.head}\n",
        "capitals": f"{head.batch}:{head.chain.hex().upper()}\n",
        "worker": json.encode_text(
            {"event": "audit_sealed", "batch": 3, "rows": 2, "code": head.chain.hex()}
        ),
        "syslog": "<109>1 2026-01-01T00:00:00Z host carethread 1 audit-anchor - "
        + json.encode_text({"batch": 3, "chain": head.chain.hex()}),
    }
    other = {name: text.replace(head.chain.hex()[:8], "0" * 8) for name, text in kinds.items()}
    other["capitals"] = other["plain"]
    for name in kinds:
        (tmp_path / name).write_text(kinds[name])
        assert (await trail.verify(tmp_path / name)).lines == (await trail.verify()).lines, name
        (tmp_path / name).write_text(other[name])
        assert (await trail.verify(tmp_path / name)).exit_code == BROKEN, name


YEARS = timedelta(days=3 * 365)


@pytest.mark.parametrize(
    ("off", "says"),
    [
        (-YEARS, "backdated"),
        (-timedelta(days=2), "backdated"),
        (timedelta(hours=1), "in the future"),
        (YEARS, "in the future"),
        (-timedelta(hours=20), ""),
        (timedelta(minutes=1), ""),
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
async def test_a_record_dated_otherwise_than_it_was_written_is_named(
    trail: Trail, off: timedelta, says: str, sealed: bool
) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 2)
    at = trail.clock.now() + off
    await trail.records(clinic, at=at)
    await trail.records(clinic)
    if sealed:
        await trail.seal()
    # The clock of whoever verifies is a real one, from which the trail's is a few minutes ahead.
    verdict = await trail.verify()
    assert verdict.exit_code == (REMARKS if says else 0), verdict.lines
    if says:
        seq = (await trail.one("SELECT seq FROM audit_event WHERE at = :at", at=at)).seq
        where = f"in batch 3, sealed {_shown(trail)}" if sealed else "not sealed yet"
        assert verdict.remarks == [f"Record {seq} ({where}) is dated {at:%Y-%m-%d %H:%M:%S} UTC: {says}."]


def _shown(trail: Trail) -> str:
    return f"{trail.clock.now():%Y-%m-%d %H:%M:%S} UTC"


async def test_the_first_batch_of_all_is_judged_by_its_records_and_its_clinics_age(trail: Trail) -> None:
    clinic = await trail.clinic()
    await trail.records(clinic, at=trail.clock.now() - YEARS)
    await trail.seal()
    [remark] = (await trail.verify()).remarks
    assert "backdated" in remark


async def test_what_a_demo_plays_before_its_first_seal_is_not_judged(trail: Trail) -> None:
    clinic = await trail.clinic(demo=True)
    for days in (30, 2, 20):
        await trail.records(clinic, at=trail.clock.now() - timedelta(days=days))
    assert (await trail.verify()).remarks == []
    await trail.seal()
    await trail.records(clinic, at=trail.clock.now() - YEARS)
    assert (await trail.verify()).exit_code == REMARKS
    await trail.seal()
    [remark] = (await trail.verify()).remarks
    assert "in batch 2" in remark and "backdated" in remark


async def test_an_outage_of_the_sealer_makes_nobody_a_forger(trail: Trail) -> None:
    """Records of the whole time are sealed at its end, and a slow transaction's after those that came later."""
    clinic = await trail.clinic()
    await trail.batches(clinic, 2)
    for _ in range(5):
        await trail.records(clinic)
        trail.clock.advance(timedelta(days=9))
    await trail.records(clinic, at=trail.clock.now() - timedelta(minutes=1))
    await trail.seal()
    assert (await trail.verify()).remarks == []


async def test_a_flood_of_backdated_records_is_counted(trail: Trail) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 1)
    await trail.records(clinic, 50, at=trail.clock.now() - YEARS)
    await trail.seal()
    remarks = (await trail.verify()).remarks
    assert (len(remarks), remarks[-1]) == (21, "And 30 more are dated wrongly.")


async def test_a_chain_made_by_an_earlier_version_verifies_and_goes_on(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seals leave the time out of the chain."""
    clinic = await trail.clinic()
    with monkeypatch.context() as patch:
        patch.setattr("core.audit.seal._chain", _chain_of_old)
        await trail.batches(clinic, 3)
    await trail.batches(clinic, 2)
    verdict = await trail.verify()
    assert (verdict.exit_code, verdict.report.batches) == (0, 5)
    await trail.run("UPDATE audit_seal SET sealed_at = sealed_at - interval '9 days' WHERE batch = 3")
    assert "Seal 3 is dated" in " ".join((await trail.verify()).remarks)


def _chain_of_old(previous: bytes, batch: int, seqs: list[int], digests: bytes, _: object) -> bytes:
    import hashlib

    return hashlib.sha256(previous + json.canonical([batch, seqs]) + digests).digest()


def test_problems_go_before_remarks() -> None:
    verdict: Verdict = msgspec.convert(
        {"report": {"sealed": 1, "waiting": 0, "batches": 1}, "problems": ["x"], "remarks": ["y"]}, Verdict
    )
    assert (verdict.exit_code, verdict.lines) == (
        BROKEN,
        ["The audit does not verify: x.", "Look at this: y"],
    )


async def test_a_head_that_never_was_is_not_there(trail: Trail) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 1)
    for batch in (0, 1, 2):
        assert (await trail.verify(expect=[Anchor(batch, bytes(32), "--expect")])).exit_code == BROKEN
