"""Anchors in an object store with object lock, by its real protocol."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from app.commands.verify_audit import BROKEN, REMARKS
from core.audit.anchors.target import Target
from core.audit.anchors.targets import named_targets
from core.config import Settings
from tests.core.audit.anchors import object_store
from tests.core.audit.anchors.object_store import KEY_ID, SECRET, Store, Version
from tests.trail import Trail

CREDENTIALS = f"{KEY_ID}:{SECRET}"


@pytest.fixture
def store() -> Iterator[Store]:
    with object_store.running() as store:
        yield store


def target(settings: Settings, address: str, credentials: str = CREDENTIALS) -> Target:
    given = msgspec.structs.replace(settings, audit_anchors=address, audit_bucket_credentials=credentials)
    [only] = named_targets(given)
    return only


async def test_each_seal_is_an_object_that_is_locked_until_its_day(
    trail: Trail, settings: Settings, store: Store
) -> None:
    clinic = await trail.clinic()
    bucket = target(settings, store.address + "&mode=governance&days=30")
    await trail.batches(clinic, 1, bucket)
    await trail.batches(clinic, 1, target(settings, store.address))
    head, now = await trail.head(), trail.clock.now() - timedelta(minutes=1)
    first, second = store.versions
    assert second.key == f"river/000000000002-{head.chain.hex()}.jsonl"
    assert f'"chain":"{head.chain.hex()}"' in second.body.decode()
    assert (first.mode, second.mode) == ("GOVERNANCE", "COMPLIANCE")
    assert second.until and abs(second.until - now - timedelta(days=365)) < timedelta(seconds=2)


async def test_a_cut_or_remade_audit_shows_against_the_store_even_under_marks_of_deletion(
    trail: Trail, settings: Settings, store: Store
) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 4, target(settings, store.address))
    assert (await trail.verify(anchored_in=store.address, s3=CREDENTIALS)).exit_code == 0
    store.versions += [Version(each.key, b"", deleted=True) for each in store.versions]
    await trail.run("DELETE FROM audit_seal WHERE batch > 2", "DELETE FROM audit_anchor")
    verdict = await trail.verify(anchored_in=store.address, s3=CREDENTIALS)
    assert verdict.exit_code == BROKEN and "its end was cut off" in verdict.problems[0]
    await trail.batches(clinic, 3)
    verdict = await trail.verify(anchored_in=store.address, s3=CREDENTIALS)
    assert verdict.exit_code == BROKEN and "seal 3 is not the one that was made" in verdict.problems[0]


@pytest.mark.parametrize(
    ("refuses", "locks", "credentials", "code"),
    [
        ("SlowDown", True, CREDENTIALS, "SlowDown"),
        ("", False, CREDENTIALS, "InvalidRequest"),
        ("", True, f"{KEY_ID}:another", "SignatureDoesNotMatch"),
        ("", True, f"someone:{SECRET}", "SignatureDoesNotMatch"),
    ],
)
async def test_what_the_store_refuses_is_counted_with_its_word_and_caught_up(
    trail: Trail, settings: Settings, store: Store, refuses: str, locks: bool, credentials: str, code: str
) -> None:
    clinic = await trail.clinic()
    store.refuses, store.locks = refuses, locks
    await trail.batches(clinic, 2, target(settings, store.address, credentials))
    row = await trail.one("SELECT failures, error FROM audit_anchor")
    assert (row.failures, row.error, store.versions) == (2, code, [])
    store.refuses, store.locks = "", True
    await trail.anchor(target(settings, store.address))
    [both] = store.versions
    assert [line.count(b'"batch"') for line in both.body.splitlines()] == [1, 1]


async def test_a_store_that_is_away_when_verifying_is_said(trail: Trail, settings: Settings) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 1)
    verdict = await trail.verify(anchored_in="s3+http://127.0.0.1:1/audit", s3=CREDENTIALS)
    assert verdict.exit_code == REMARKS and "cannot be read" in verdict.remarks[0]


async def test_a_long_list_is_read_page_by_page(trail: Trail, settings: Settings, store: Store) -> None:
    clinic = await trail.clinic()
    await trail.batches(clinic, 1, target(settings, store.address))
    store.versions += [Version(f"river/{number:012d}-{'0' * 64}.jsonl", b"") for number in range(2, 2500)]
    verdict = await trail.verify(anchored_in=store.address, s3=CREDENTIALS)
    assert "Anchored in" in verdict.notes[0] and "up to batch 2499" in verdict.notes[0]
