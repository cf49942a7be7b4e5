"""Writes docs/database.md: the tables of a migrated database, and which rows name which.

python -m scripts.diagram    write it, from an empty database that is made for this
"""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.home import Home
from app.process.servers import running
from app.registry import SLICES
from app.tables import bring_up
from core.database.engine import database_url
from core.database.models import Base
from scripts.tools import ROOT

PAGE = ROOT / "docs" / "database.md"

HEAD = """# The tables

This page is made from the migrated database: after a migration run `make diagram`. One diagram shows the tables
whose models are in one slice. An arrow is a foreign key, with the columns that hold it. Nearly every table belongs to
a clinic; `clinic_id` and its arrow are left out, and so are `created_at` and `updated_at`. Tables of other slices stand
without their columns. [ARCHITECTURE.md](../ARCHITECTURE.md#data) says what each table is for.
"""

BARE = "Without a model: written with SQL alone"
_EVERYWHERE = {"clinic_id", "created_at", "updated_at"}
_COLUMNS = text(
    "SELECT column_name, udt_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = :table ORDER BY ordinal_position"
)


def page(connection: Connection) -> str:
    """The page for the tables that this connection sees."""
    looked = inspect(connection)
    sections: defaultdict[str, list[str]] = defaultdict(list)
    slices = _slices()
    for table in sorted(looked.get_table_names()):
        if table != "alembic_version":
            sections[slices.get(table, BARE)].append(table)
    order = [part.name for part in SLICES if part.name in sections]
    rest = sorted(sections.keys() - set(order))
    parts = [_section(name, sections[name], looked) for name in [*order, *rest]]
    return HEAD + "".join(parts)


def _slices() -> Mapping[str, str]:
    """The slice of each table's model."""
    names = {}
    for mapper in Base.registry.mappers:
        for table in mapper.tables:
            names[str(table)] = mapper.class_.__module__.partition(".")[0]
    return names


def _section(name: str, tables: Sequence[str], looked: Any) -> str:
    lines = [line for table in tables for line in _table(table, looked)]
    arrows = [line for table in tables for line in _arrows(table, looked)]
    title = f"`{name}`" if name != BARE else name
    return "\n".join(["", f"## {title}", "", "```mermaid", "erDiagram", *lines, *arrows, "```", ""])


def _table(table: str, looked: Any) -> list[str]:
    primary = set(looked.get_pk_constraint(table)["constrained_columns"])
    foreign = {column for key in looked.get_foreign_keys(table) for column in key["constrained_columns"]}
    lines = []
    for name, kind in looked.bind.execute(_COLUMNS, {"table": table}):
        if name in _EVERYWHERE - primary:
            continue
        marks = ", ".join(mark for mark, has in (("PK", name in primary), ("FK", name in foreign)) if has)
        # PostgreSQL's own name of an array of text is `_text`.
        word = f"{kind[1:]}[]" if kind.startswith("_") else kind
        lines.append(f"        {word} {name} {marks}".rstrip())
    return [f"    {table} {{", *lines, "    }"]


def _arrows(table: str, looked: Any) -> list[str]:
    arrows = set()
    for key in looked.get_foreign_keys(table):
        columns = [name for name in key["constrained_columns"] if name != "clinic_id"]
        if columns:
            arrows.add(f'    {key["referred_table"]} ||--o{{ {table} : "{", ".join(columns)}"')
    return sorted(arrows)


async def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Home(Path(folder)), print) as environment:
            owner = environment["CARETHREAD_OWNER_DATABASE_URL"]
            await bring_up(owner)
            engine = create_async_engine(database_url(owner))
            async with engine.connect() as connection:
                PAGE.write_text(await connection.run_sync(page))
            await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_write())
