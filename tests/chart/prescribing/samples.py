"""A NewRx that every pharmacy would take."""

from datetime import UTC, date, datetime

import msgspec

from chart.prescribing.medicines.tables import read_table
from chart.prescribing.script.messages import (
    Address,
    Header,
    Medication,
    NewRx,
    Party,
    Patient,
    Pharmacy,
    Prescriber,
)

PHARMACY = read_table("pharmacies")[0]
CLINIC = Party("C", "harbor")


def new_rx(message_id: str = "m1", **medication: object) -> NewRx:
    """A prescription of amoxicillin for Maria Lopez, to the first pharmacy of the directory."""
    prescribed = Medication(
        description="amoxicillin 500 mg capsule",
        strength="500 mg",
        quantity="20",
        unit_code="C48480",
        written=date(2026, 11, 5),
        refills=0,
        substitutions_allowed=True,
        sig="Take 1 capsule by mouth twice a day for 10 days.",
        days_supply=10,
    )
    return NewRx(
        header=Header(
            to=Party("P", PHARMACY["ncpdp_id"]),
            sender=CLINIC,
            message_id=message_id,
            sent_at=datetime(2026, 11, 5, 14, 3, 9, tzinfo=UTC),
            order_number="order-1",
        ),
        patient=Patient(
            family="López & Söhne",
            given="María",
            gender="F",
            birth_date=date(1988, 2, 29),
            address=Address(line1="12 Elm Street", city="Albany", state="NY", postal_code="12207"),
            phone="2125550100",
        ),
        pharmacy=Pharmacy(
            ncpdp_id=PHARMACY["ncpdp_id"],
            npi=PHARMACY["npi"],
            name=PHARMACY["name"],
            address=Address(line1="12 Elm St", city="Springfield", state="MA", postal_code="01103"),
            phone="4135550100",
        ),
        prescriber=Prescriber(
            npi="1234567893",
            family="Reyes",
            given="Dana",
            address=Address(line1="1 Harbor Way", city="Boston", state="MA", postal_code="02116"),
            phone="6175550100",
        ),
        medication=msgspec.structs.replace(prescribed, **medication),
    )
