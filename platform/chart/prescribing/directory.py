"""The clinic's directory of pharmacies. The ones that ship are made up, for the demo and for tests."""

import re
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from chart.prescribing.models import Pharmacy
from chart.prescribing.tables import read_table
from core.db import WriteSession


def is_ncpdp_id(text: str) -> bool:
    """Seven digits: a pharmacy's NCPDP Provider ID."""
    return bool(re.fullmatch(r"[0-9]{7}", text))


def demo_id(clinic_id: UUID, ncpdp_id: str) -> UUID:
    """The id of a demo pharmacy in a clinic: the same each time it is seeded."""
    return uuid5(clinic_id, ncpdp_id)


async def load_demo(write: WriteSession) -> list[UUID]:
    """Give this clinic the made-up pharmacies; their ids in the order of the file. Twice is once."""
    rows = [
        {
            **row,
            "id": demo_id(write.clinic_id, row["ncpdp_id"]),
            "clinic_id": write.clinic_id,
            "created_at": write.now(),
        }
        for row in read_table("pharmacies")
    ]
    await write.execute(insert(Pharmacy).values(rows).on_conflict_do_nothing())
    return [row["id"] for row in rows if isinstance(row["id"], UUID)]
