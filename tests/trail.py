"""An audit trail in a database of its own: records, seals, and what somebody with the database can do to them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands.verify_audit import Verdict, verify_audit
from core import audit
from core.actor import system_actor
from core.audit import seal as audit_seal
from core.audit.anchors.anchor import Anchor
from core.audit.anchors.publishing import anchor
from core.audit.anchors.target import Target
from core.clock import FrozenClock
from core.config import Settings
from core.database.session import open_unit
from core.services import Services
from tests.patience import PATIENCE


@dataclass
class Trail:
    """The tables of one database, empty at first. Time stands still until it is told to go on."""

    services: Services
    settings: Settings
    owner: AsyncEngine
    clock: FrozenClock

    async def empty(self) -> None:
        await self.run(
            "DELETE FROM audit_event",
            "DELETE FROM audit_seal",
            "DELETE FROM audit_anchor",
            "DELETE FROM account",
            "DELETE FROM visit_type",
            "DELETE FROM location",
            "DELETE FROM clinic",
        )

    async def run(self, *statements: str, **values: Any) -> None:
        """As somebody who owns the database: nothing is forbidden."""
        async with self.owner.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement), values)

    async def clinic(self, slug: str = "river", *, demo: bool = False) -> UUID:
        clinic_id = uuid4()
        await self.run(
            "INSERT INTO clinic (id, slug, name, time_zone, demo, created_at) "
            "VALUES (:id, :slug, 'River', 'America/New_York', :demo, :at)",
            id=clinic_id,
            slug=slug,
            demo=demo,
            at=self.clock.now(),
        )
        return clinic_id

    async def person(self, clinic_id: UUID) -> None:
        """Somebody comes to the clinic, which its trail tells of."""
        await self.run(
            "INSERT INTO account (clinic_id, name, email, roles, created_at) "
            "VALUES (:clinic, 'Ana', :email, '{patient}', :at)",
            clinic=clinic_id,
            email=f"{uuid4()}@river.example",
            at=self.clock.now(),
        )
        await self.records(clinic_id, 1)

    async def records(self, clinic_id: UUID, count: int = 1, *, at: datetime | None = None) -> None:
        services = replace(self.services, clock=FrozenClock(at or self.clock.now()))
        async with open_unit(services, system_actor(clinic_id)) as unit:
            for _ in range(count):
                await audit.log(unit.write, "test.read", entity=("thing", uuid4()))

    async def batches(self, clinic_id: UUID, count: int, *targets: Target) -> None:
        """So many seals of two records each, a minute apart, told to the targets one by one."""
        for _ in range(count):
            await self.records(clinic_id, 2)
            await self.seal()
            if targets:
                await self.anchor(*targets)
            self.clock.advance(timedelta(minutes=1))

    async def seal(self) -> int:
        """Seal what waits; how many. Another transaction of the server, a vacuum's too, may hold it up a moment."""
        async with asyncio.timeout(PATIENCE):
            services = replace(self.services, clock=self.clock)
            while not (sealed := await audit_seal.seal(services)):  # noqa: ASYNC110  the other gives no event
                await asyncio.sleep(0.01)
        return sealed

    async def seal_anew(self) -> None:
        """What somebody does who has the key, too: all seals are made again over the rows as they now are."""
        await self.run("UPDATE audit_event SET xid = pg_current_xact_id()", "TRUNCATE audit_seal")
        await self.seal()

    async def anchor(self, *targets: Target) -> None:
        await anchor(replace(self.services, clock=self.clock, anchors=targets))

    async def head(self) -> Anchor:
        async with self.services.system.connect() as connection:
            statement = "SELECT batch, chain FROM audit_seal ORDER BY batch DESC LIMIT 1"
            row = (await connection.execute(text(statement))).one()
        return Anchor(row.batch, row.chain, "--expect")

    async def one(self, statement: str, **values: Any) -> Any:
        async with self.owner.connect() as connection:
            return (await connection.execute(text(statement), values)).one()

    async def verify(
        self, *files: Path, expect: Sequence[Anchor] = (), anchored_in: str = "", s3: str = ""
    ) -> Verdict:
        """What `carethread verify-audit` finds."""
        settings = msgspec.structs.replace(
            self.settings, audit_anchors=anchored_in, audit_bucket_credentials=s3
        )
        return await verify_audit(settings, expect, files)
