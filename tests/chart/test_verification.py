"""What was signed is checked by `carethread verify-signatures`, whoever changed it and however."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chart.verification import verify
from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready


@pytest.fixture
async def signed(terminology: None, clinician: httpx.AsyncClient, scene: Scene) -> str:
    """A signed note with an addendum."""
    note_id, shown = await ready(clinician, scene)
    for path, body in (("sign", {"sha256": shown["sha256"]}), ("addenda", {"text": "Called back."})):
        answer = await clinician.post(f"/api/notes/{note_id}/{path}", json=body)
        assert answer.status_code in {200, 201}, answer.text
    return note_id


async def verify_command(environment: dict[str, str]) -> tuple[int | None, str]:
    """How `carethread verify-signatures` ends, and what it says."""
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "verify-signatures"),
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=PIPE,
        stderr=PIPE,
    )
    said, complained = await command.communicate()
    return command.returncode, (said + complained).decode()


async def change(connection: AsyncConnection, statement: str, note_id: str) -> None:
    """What the database's owner may do, whom no trigger stops."""
    for switch in ("DISABLE", "ENABLE"):
        for table in ("note", "note_addendum"):
            await connection.execute(text(f"ALTER TABLE {table} {switch} TRIGGER USER"))
        if switch == "DISABLE":
            await connection.execute(text(statement), {"note": note_id})


LATER = "UPDATE note SET signed_at = signed_at + interval '1 day' WHERE id = :note"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param(
            "UPDATE note SET content = jsonb_set(content, '{plan}', '\"Rest\"') WHERE id = :note",
            "note {note} was changed",
            id="what is read",
        ),
        pytest.param(
            "WITH forged AS (SELECT convert_to(replace(convert_from(document, 'UTF8'), 'Drink', 'Sell'), 'UTF8')"
            " AS words FROM note WHERE id = :note)"
            " UPDATE note SET document = words, sha256 = encode(sha256(words), 'hex') FROM forged WHERE id = :note",
            "note {note} was changed",
            id="what was signed",
        ),
        pytest.param(
            LATER,
            "note {note} was changed",
            id="when",
        ),
        pytest.param(
            "UPDATE note_addendum SET text = 'Nobody called.' WHERE note_id = :note",
            "addendum {addendum} was changed",
            id="an addendum",
        ),
        pytest.param(
            "UPDATE note SET status = 'ready', signed_at = NULL, signed_by = NULL, signature = NULL"
            " WHERE id = :note",
            "note {note} is not what the audit says was signed",
            id="that it is signed",
        ),
        pytest.param(
            "DELETE FROM note_addendum WHERE note_id = :note",
            "note {note} is not what the audit says was signed",
            id="that there was an addendum",
        ),
    ],
)
async def test_what_the_owner_changed_is_named(
    signed: str, owner: AsyncEngine, services: Services, statement: str, named: str
) -> None:
    async with owner.connect() as connection:
        addendum = await connection.scalar(
            text("SELECT id FROM note_addendum WHERE note_id = :note"), {"note": signed}
        )
    async with owner.connect() as connection:
        before = await verify(connection, services.keyring.signer)
    async with owner.connect() as connection:
        await change(connection, statement, signed)
        after = await verify(connection, services.keyring.signer)
    assert [each for each in after.problems if each not in before.problems] == [
        named.format(note=signed, addendum=addendum)
    ]


async def test_the_command_names_the_note_and_fails(
    signed: str, owner: AsyncEngine, environment: dict[str, str]
) -> None:
    for sign, expected in (("+", 1), ("-", 0)):
        async with owner.begin() as connection:
            await change(connection, LATER.replace("+", sign), signed)
        code, said = await verify_command(environment)
        assert (code, f"note {signed} was changed" in said) == (expected, bool(expected)), said
