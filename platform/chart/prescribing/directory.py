"""The clinic's directory of pharmacies. The ones that ship are made up, for the demo and for tests."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from chart.prescribing.medicines.tables import read_table
from chart.prescribing.models import Pharmacy
from core import audit
from core.database.session import WriteSession
from core.ids import new_id
from identity.clinic.states import US_STATES
from identity.person.check_digits import is_npi
from identity.person.contacts import parse_dialed, parse_phone


def is_ncpdp_id(text: str) -> bool:
    """Seven digits: a pharmacy's NCPDP Provider ID."""
    return bool(re.fullmatch(r"[0-9]{7}", text))


COLUMNS = ("ncpdp_id", "npi", "name", "line", "city", "state", "zip", "phone", "fax")


def checked(row: Mapping[str, str]) -> tuple[dict[str, str | None], list[str]]:
    """A pharmacy as it is kept, and the columns that cannot be used.

    It has COLUMNS, phones as identity.person.contacts has them, `fax` or None.
    """
    values = {name: " ".join(row.get(name, "").split()) for name in COLUMNS}
    phone, fax = parse_dialed(values["phone"]), parse_phone(values["fax"])
    holds = {
        "ncpdp_id": is_ncpdp_id(values["ncpdp_id"]),
        "npi": is_npi(values["npi"]),
        "name": bool(values["name"]),
        "line": bool(values["line"]),
        "city": bool(values["city"]),
        "state": values["state"] in US_STATES,
        "zip": bool(re.fullmatch(r"[0-9]{5}(-?[0-9]{4})?", values["zip"])),
        # SCRIPT carries ten digits.
        "phone": phone is not None and phone.startswith("+1"),
        "fax": not values["fax"] or fax is not None,
    }
    return {**values, "phone": phone, "fax": fax}, [name for name in COLUMNS if not holds[name]]


async def load(write: WriteSession, pharmacies: Iterable[Mapping[str, str | None]]) -> int:
    """Take pharmacies (as `checked` gives them) into the clinic's directory; how many there were.

    One whose NCPDP id is known is brought up to date. None is removed, for prescriptions name them.
    """
    count = 0
    for each in pharmacies:
        row = {**each, "id": new_id(), "clinic_id": write.clinic_id, "created_at": write.now()}
        changed = {name: row[name] for name in COLUMNS if name != "ncpdp_id"}
        statement = insert(Pharmacy).values(row)
        await write.execute(
            statement.on_conflict_do_update(index_elements=["clinic_id", "ncpdp_id"], set_=changed)
        )
        count += 1
    await audit.log(write, "clinic.pharmacies", detail={"count": count})
    return count


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
