"""What is said in SCRIPT, as values: the header that every message has, and the four bodies."""

from datetime import date, datetime
from typing import Literal
from uuid import uuid4

import msgspec

Qualifier = Literal["P", "D", "C"]
"""Who a party is: pharmacy (by NCPDP ID), prescriber, clinic."""

NOT_CONTROLLED = "C38046"
"""DEASchedule of what is no controlled substance; we send nothing else."""


class Party(msgspec.Struct, frozen=True):
    """An end of the wire."""

    qualifier: Qualifier
    id: str


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it to whom. ``message_id`` is the same each time one message is sent again."""

    to: Party
    sender: Party
    message_id: str
    sent_at: datetime
    relates_to: str | None = None
    order_number: str | None = None

    def answered(self, sent_at: datetime) -> "Header":
        """The header of the addressee's answer, under a new name."""
        return Header(
            to=self.sender,
            sender=self.to,
            message_id=uuid4().hex,
            relates_to=self.message_id,
            sent_at=sent_at,
        )


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A US address: ``state`` two letters, ``postal_code`` 5 or 9 digits."""

    line1: str
    city: str
    state: str
    postal_code: str
    line2: str | None = None


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """SCRIPT wants the first two."""

    family: str
    given: str
    second: str = ""
    suffix: str = ""
    prefix: str = ""


class Patient(Name, frozen=True, kw_only=True):
    """``gender`` M, F or U; ``phone`` ten digits, ``extension`` at most eight."""

    gender: str
    birth_date: date
    address: Address
    phone: str
    extension: str = ""


class Pharmacy(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes: ``ncpdp_id`` seven digits."""

    ncpdp_id: str
    npi: str
    name: str
    address: Address
    phone: str
    extension: str = ""


class Prescriber(Name, frozen=True, kw_only=True):
    """Who signs."""

    npi: str
    address: Address
    phone: str
    extension: str = ""


class Medication(msgspec.Struct, frozen=True, kw_only=True):
    """What is prescribed. ``rxcui`` of the clinical drug and ``ndc`` of one package are left out where unknown;
    ``unit_code`` is of NCI Thesaurus; ``diagnosis`` ICD-10-CM.
    """

    description: str
    strength: str
    quantity: str
    unit_code: str
    written: date
    refills: int
    substitutions_allowed: bool
    sig: str
    days_supply: int | None = None
    rxcui: str | None = None
    ndc: str | None = None
    diagnosis: str | None = None
    note: str | None = None


class NewRx(msgspec.Struct, frozen=True, kw_only=True):
    """A new prescription."""

    header: Header
    patient: Patient
    pharmacy: Pharmacy
    prescriber: Prescriber
    medication: Medication


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The message has been taken: 000 done, 010 passed on and a Verify will follow."""

    header: Header
    code: str
    description: str = ""


class Verify(msgspec.Struct, frozen=True, kw_only=True):
    """The pharmacy has the prescription."""

    header: Header
    code: str
    description: str = ""


class Error(msgspec.Struct, frozen=True, kw_only=True):
    """The message was refused; ``description`` says why, in the pharmacy's words."""

    header: Header
    code: str
    description_code: str = ""
    description: str = ""


Message = NewRx | Status | Verify | Error
