"""The audit trail: nothing in it can be changed unnoticed (case 50), and nothing happens without it."""

import hashlib
import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from core import audit, json
from core.actor import system_actor
from core.audit.seal import AuditReport, seal, verify
from core.crypto import CannotOpen
from core.database.session import WriteSession, open_unit
from core.services import Services


async def _record(services: Services, clinic_id: uuid.UUID, count: int) -> None:
    for _ in range(count):
        async with open_unit(services, system_actor(clinic_id)) as unit:
            await audit.log(unit.write, "test.read", entity=("thing", uuid.uuid4()), detail={"n": 1})


async def _verified(services: Services) -> AuditReport:
    async with services.system.connect() as connection:
        return await verify(connection, services.audit_signer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'nothing'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_seal SET chain = '\\x00'",
        "INSERT INTO audit_seal DEFAULT VALUES",
        "INSERT INTO audit_event (clinic_id, at, roles, request_id, action, xid) "
        "VALUES (current_clinic(), now(), '{}', 'r', 'never sealed', '9000000000')",
        "INSERT INTO audit_event (seq, clinic_id, at, roles, request_id, action) OVERRIDING SYSTEM VALUE "
        "VALUES (1, current_clinic(), now(), '{}', 'r', 'out of order')",
    ],
)
async def test_the_application_can_neither_change_nor_remove_nor_seal(
    db: WriteSession, statement: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with db.savepoint():
            await db.execute(text(statement))


async def test_a_clinic_cannot_write_anothers_audit(db: WriteSession, other_clinic_id: uuid.UUID) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with db.savepoint():
            await db.execute(
                text(
                    "INSERT INTO audit_event (clinic_id, at, roles, request_id, action) "
                    "VALUES (:clinic, now(), '{}', 'r', 'forged')"
                ),
                {"clinic": other_clinic_id},
            )


async def test_sealed_rows_verify_and_each_row_is_sealed_once(
    services: Services, clinic_id: uuid.UUID
) -> None:
    await _record(services, clinic_id, 5)
    assert await seal(services) >= 5
    assert await seal(services) == 0
    report = await _verified(services)
    assert report.problem is None
    assert report.sealed >= 5


async def test_a_row_of_a_transaction_still_open_is_not_skipped(
    services: Services, clinic_id: uuid.UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as slow:
        await audit.log(slow.write, "test.slow")
        await _record(services, clinic_id, 2)
        await seal(services)
        slow_seq = await slow.write.scalar(
            text("SELECT max(seq) FROM audit_event WHERE action = 'test.slow'")
        )
    await seal(services)
    async with services.system.connect() as connection:
        sealed = await connection.scalar(
            text("SELECT count(*) FROM audit_seal WHERE :seq = ANY(seqs)"), {"seq": slow_seq}
        )
    assert sealed == 1
    assert (await _verified(services)).problem is None


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("UPDATE audit_event SET action = 'harmless' WHERE seq = :seq", "was changed"),
        ("UPDATE audit_event SET at = at + interval '1 hour' WHERE seq = :seq", "was changed"),
        ("DELETE FROM audit_event WHERE seq = :seq", "was removed"),
        (
            "INSERT INTO audit_event (seq, xid, clinic_id, at, roles, request_id, action) OVERRIDING SYSTEM VALUE "
            "SELECT -seq, xid, clinic_id, at, roles, request_id, 'forged' FROM audit_event WHERE seq = :seq",
            "was inserted",
        ),
    ],
)
async def test_the_verifier_names_what_a_superuser_did(
    services: Services, owner: AsyncEngine, clinic_id: uuid.UUID, tamper: str, says: str
) -> None:
    await _record(services, clinic_id, 3)
    await seal(services)
    async with owner.connect() as connection:
        seq = await connection.scalar(text("SELECT max(seq) - 1 FROM audit_event"))
        values = {"seq": seq}
        await connection.execute(text("CREATE TEMP TABLE kept (LIKE audit_event)"))
        await connection.execute(text("INSERT INTO kept SELECT * FROM audit_event WHERE seq = :seq"), values)
        await connection.execute(text(tamper), values)
        await connection.commit()
        try:
            report = await _verified(services)
            assert report.problem is not None
            assert says in report.problem
            assert report.row is not None
            assert abs(report.row) == seq
        finally:
            await connection.execute(text("DELETE FROM audit_event WHERE abs(seq) = :seq"), values)
            await connection.execute(
                text("INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM kept")
            )
            await connection.execute(text("DROP TABLE kept"))
            await connection.commit()
    assert (await _verified(services)).problem is None


_SWAP = text(
    "UPDATE audit_event a SET at = b.at, request_id = b.request_id, entity_id = b.entity_id FROM audit_event b "
    "WHERE (a.seq = :one AND b.seq = :other) OR (a.seq = :other AND b.seq = :one)"
)


async def test_two_rows_that_changed_places_are_named(
    services: Services, owner: AsyncEngine, clinic_id: uuid.UUID
) -> None:
    await _record(services, clinic_id, 3)
    await seal(services)
    async with owner.connect() as connection:
        seqs = await connection.scalars(text("SELECT seq FROM audit_event ORDER BY seq DESC LIMIT 2"))
        other, one = seqs.all()
        await connection.execute(_SWAP, {"one": one, "other": other})
        await connection.commit()
        report = await _verified(services)
        await connection.execute(_SWAP, {"one": one, "other": other})
        await connection.commit()
    assert (report.row, report.problem) == (one, f"row {one} was changed")
    assert (await _verified(services)).problem is None


async def test_a_forged_seal_is_named(services: Services, owner: AsyncEngine, clinic_id: uuid.UUID) -> None:
    await _record(services, clinic_id, 1)
    await seal(services)
    async with owner.connect() as connection:
        batch, signature = (
            await connection.execute(
                text("SELECT batch, signature FROM audit_seal ORDER BY batch DESC LIMIT 1")
            )
        ).one()
        change = text("UPDATE audit_seal SET signature = :signature WHERE batch = :batch")
        await connection.execute(change, {"batch": batch, "signature": bytes(64)})
        await connection.commit()
        report = await _verified(services)
        await connection.execute(change, {"batch": batch, "signature": signature})
        await connection.commit()
    assert report.problem == f"seal {batch} has a wrong signature"


async def test_without_its_audit_row_nothing_is_written(
    services: Services, owner: AsyncEngine, clinic_id: uuid.UUID
) -> None:
    """The trail cannot be written (a full disk, a broken table): the change fails with it."""
    async with owner.begin() as connection:
        await connection.execute(text("REVOKE INSERT ON audit_event FROM carethread_app"))
    try:
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with open_unit(services, system_actor(clinic_id)) as unit:
                await unit.write.execute(
                    text("INSERT INTO live_counter (clinic_id, seq) VALUES (:clinic, 7)"),
                    {"clinic": clinic_id},
                )
                await audit.log(unit.write, "test.write")
    finally:
        async with owner.begin() as connection:
            await connection.execute(text("GRANT INSERT ON audit_event TO carethread_app"))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        assert await unit.read.scalar(text("SELECT count(*) FROM live_counter")) == 0


_RESEAL = text("""
    UPDATE audit_event SET patients = CAST(:patients AS uuid[]), sought = :sought WHERE seq = :seq
""")


@pytest.mark.parametrize("column", ["patients", "sought"])
@pytest.mark.parametrize("was_set", [True, False], ids=["emptied or changed", "filled in later"])
async def test_whom_a_list_showed_and_what_was_looked_for_are_sealed_too(
    services: Services, owner: AsyncEngine, clinic_id: uuid.UUID, column: str, was_set: bool
) -> None:
    shown = [uuid.uuid4(), uuid.uuid4()] if was_set else []
    async with open_unit(services, system_actor(clinic_id)) as unit:
        sought = {"patient": "Maya"} if was_set else None
        await audit.log(unit.write, "test.list", patients=shown, sought=sought)
    await seal(services)
    assert (await _verified(services)).problem is None
    async with owner.connect() as connection:
        kept = (
            await connection.execute(
                text("SELECT seq, patients, sought FROM audit_event WHERE clinic_id = :clinic"),
                {"clinic": clinic_id},
            )
        ).one()
        other = {"patients": [uuid.uuid4()], "sought": b"other"}[column]
        for value in [None, other] if was_set else [other]:
            changed = {"seq": kept.seq, "patients": kept.patients, "sought": kept.sought, column: value}
            await connection.execute(_RESEAL, changed)
            await connection.commit()
            report = await _verified(services)
            await connection.execute(_RESEAL, kept._asdict())
            await connection.commit()
            assert (report.row, report.problem) == (kept.seq, f"row {kept.seq} was changed")
    assert (await _verified(services)).problem is None


async def test_what_was_sealed_before_lists_named_their_patients_still_verifies(
    services: Services, owner: AsyncEngine, clinic_id: uuid.UUID
) -> None:
    """A row without the later columns has the digest that it had before they existed: a list of its 14 columns."""
    await _record(services, clinic_id, 1)
    await seal(services)
    async with owner.connect() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT seq, xid::text, clinic_id, at, account_id, roles, session_id, request_id, action, "
                    "entity_type, entity_id, patient_id, reason, detail FROM audit_event WHERE clinic_id = :clinic"
                ),
                {"clinic": clinic_id},
            )
        ).one()
        sealed = (
            await connection.execute(
                text("SELECT seqs, digests FROM audit_seal WHERE :seq = ANY (seqs)"), {"seq": row.seq}
            )
        ).one()
    place = list(sealed.seqs).index(row.seq)
    digest = sealed.digests[place * 32 : place * 32 + 32]
    assert digest == hashlib.sha256(json.canonical(list(row))).digest()


async def test_what_was_typed_is_kept_sealed_and_opens_in_its_own_row_only(
    services: Services, clinic_id: uuid.UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        await audit.log(unit.write, "test.list", sought={"patient": "Maya Bennett", "who": ""})
        request = unit.request_id
    async with open_unit(services, system_actor(clinic_id)) as unit:
        kept = await unit.read.scalar(text("SELECT sought FROM audit_event WHERE action = 'test.list'"))
        assert b"Maya" not in kept
        assert audit.looked_for(unit.read, request, kept) == {"patient": "Maya Bennett"}
        with pytest.raises(CannotOpen):
            audit.looked_for(unit.read, "another request", kept)
