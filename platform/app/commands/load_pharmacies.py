"""`carethread load-pharmacies`: a clinic's directory of pharmacies, from a file of its prescription network."""

import csv
from pathlib import Path

from sqlalchemy import text

from app.process.progress import SetupError
from chart.prescribing import directory
from core.config import Settings
from core.database.session import system_unit
from core.services import open_services

_SHOWN = 5

Pharmacies = list[dict[str, str | None]]


async def load_pharmacies(settings: Settings, slug: str, file: Path) -> int:
    """Bring the clinic's directory up to date, whole or not at all; how many the file has. Raises SetupError."""
    pharmacies = read(file)
    async with open_services(settings) as services:
        async with services.system.connect() as connection:
            found = text("SELECT id FROM clinic WHERE slug = :slug")
            clinic_id = await connection.scalar(found, {"slug": slug})
        if clinic_id is None:
            raise SetupError(f"There is no clinic {slug}.")
        async with system_unit(services, clinic_id) as unit:
            return await directory.load(unit.write, pharmacies)


def read(file: Path) -> Pharmacies:
    """The file's pharmacies. Raises SetupError naming the first lines that cannot be used, and what in them."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if missing := [name for name in directory.COLUMNS if name not in (rows.fieldnames or ())]:
                raise SetupError(f"{file.name} has no column {', '.join(missing)}.")
            return _checked(file, rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"{file} cannot be read: {error}.") from None


def _checked(file: Path, rows: "csv.DictReader[str]") -> Pharmacies:
    pharmacies, wrong = [], []
    for row in rows:
        kept, bad = directory.checked({name: row[name] or "" for name in directory.COLUMNS})
        pharmacies.append(kept)
        if bad:
            wrong.append(f"line {rows.line_num}: {', '.join(bad)}")
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more lines" if len(wrong) > _SHOWN else ""
        raise SetupError(f"{file.name} cannot be used. {'; '.join(wrong[:_SHOWN])}{more}.")
    if not pharmacies:
        raise SetupError(f"{file.name} has no pharmacies.")
    return pharmacies
