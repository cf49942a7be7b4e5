"""The tables that the code believes in are those that the migrations make."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Enum, Text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.registry import SLICES
from core.database.models import Base
from core.migrations import FOLDER

PRODUCT = {part.name for part in SLICES} | {"app", "signaling"}


def _type_differs(context: Any, reflected: Any, ours: Any, there: Any, here: Any) -> bool | None:
    """Words of a StrEnum are kept as text (`core.database.models.text_enum`); for the rest alembic decides."""
    return False if isinstance(here, Enum) and isinstance(there, Text) else None


def _named(name: str | None, kind: str, parents: object) -> bool:
    return kind in ("schema", "column") or (kind == "table" and name in Base.metadata.tables)


def _differences(connection: Connection) -> list[str]:
    """Tables, columns, their types and whether they may be empty. Keys and indexes are the migrations' alone.

    A column that only the database has may stay for a release, if a row can be written without it.
    """
    context = MigrationContext.configure(
        connection, opts={"compare_type": _type_differs, "include_name": _named}
    )
    found = flattened(compare_metadata(context, Base.metadata))
    return [str(each) for each in found if each[0] in COMPARED and not _may_stay(each)]


COMPARED = {"add_table", "add_column", "remove_column", "modify_type", "modify_nullable"}


def flattened(found: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Changes of one column come as a list of their own."""
    for each in found:
        yield from flattened(each) if isinstance(each, list) else [each]


def _may_stay(difference: tuple[Any, ...]) -> bool:
    kind, *_, column = difference
    return kind == "remove_column" and (column.nullable or column.server_default is not None)


async def test_every_table_of_the_code_is_as_the_migrations_make_it(owner: AsyncEngine) -> None:
    assert {"visit", "patient", "record", "notification", "drug"} <= Base.metadata.tables.keys()
    async with owner.connect() as connection:
        assert await connection.run_sync(_differences) == []


def test_migrations_import_no_code_of_the_product() -> None:
    """A migration must do the same years later, whatever has become of the code meanwhile."""
    for file in sorted((FOLDER / "versions").glob("[0-9]*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not PRODUCT & {name.partition(".")[0] for name in names}, file.name
            assert all(name.startswith("core.migrations") for name in names if name.startswith("core")), (
                file.name
            )
