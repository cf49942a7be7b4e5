"""XML bytes as SCRIPT messages. The schema has been checked first, so what is looked for is there."""

from datetime import UTC, date, datetime
from typing import cast

from lxml import etree

from chart.prescribing.script import schema
from chart.prescribing.script.messages import (
    Address,
    Error,
    Header,
    Medication,
    Message,
    NewRx,
    Party,
    Patient,
    Pharmacy,
    Prescriber,
    Qualifier,
    Status,
    Verify,
)


def from_xml(data: bytes) -> Message:
    """The message. Raises schema.NotScript."""
    root = schema.read(data)
    header = _header(_child(root, "Header"))
    body = _child(root, "Body")[0]
    match body.tag:
        case "Status":
            return Status(header=header, code=_get(body, "Code"), description=_get(body, "Description"))
        case "Verify":
            status = _child(body, "VerifyStatus")
            return Verify(header=header, code=_get(status, "Code"), description=_get(status, "Description"))
        case "Error":
            return Error(
                header=header,
                code=_get(body, "Code"),
                description_code=_get(body, "DescriptionCode"),
                description=_get(body, "Description"),
            )
        case _:
            return _new_rx(header, body)


def _child(element: etree._Element, path: str) -> etree._Element:
    found = element.find(path)
    if found is None:
        raise schema.NotScript(f"{element.tag}/{path} is missing")
    return found


def _get(element: etree._Element, path: str) -> str:
    """The text at a path, '' where the element is absent."""
    return (element.findtext(path) or "").strip()


def _header(element: etree._Element) -> Header:
    sent_at = _moment(element, "SentTime")
    return Header(
        to=_party(_child(element, "To")),
        sender=_party(_child(element, "From")),
        message_id=_get(element, "MessageID"),
        # xs:dateTime may lack its zone; SCRIPT says UTC.
        sent_at=sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC),
        relates_to=_get(element, "RelatesToMessageID") or None,
        order_number=_get(element, "PrescriberOrderNumber") or None,
    )


def _party(element: etree._Element) -> Party:
    return Party(cast(Qualifier, element.get("Qualifier")), (element.text or "").strip())


def _new_rx(header: Header, body: etree._Element) -> NewRx:
    patient = _child(body, "Patient/HumanPatient")
    pharmacy = _child(body, "Pharmacy")
    prescriber = _child(body, "Prescriber/NonVeterinarian")
    return NewRx(
        header=header,
        patient=Patient(
            **_name(patient),
            gender=_get(patient, "Gender"),
            birth_date=_date(patient, "DateOfBirth/Date"),
            address=_address(patient),
            phone=_phone(patient, "Number"),
            extension=_phone(patient, "Extension"),
        ),
        pharmacy=Pharmacy(
            ncpdp_id=_get(pharmacy, "Identification/NCPDPID"),
            npi=_get(pharmacy, "Identification/NPI"),
            name=_get(pharmacy, "BusinessName"),
            address=_address(pharmacy),
            phone=_phone(pharmacy, "Number"),
            extension=_phone(pharmacy, "Extension"),
        ),
        prescriber=Prescriber(
            npi=_get(prescriber, "Identification/NPI"),
            **_name(prescriber),
            address=_address(prescriber),
            phone=_phone(prescriber, "Number"),
            extension=_phone(prescriber, "Extension"),
        ),
        medication=_medication(_child(body, "MedicationPrescribed")),
    )


_NAME = {
    "family": "LastName",
    "given": "FirstName",
    "second": "MiddleName",
    "suffix": "Suffix",
    "prefix": "Prefix",
}


def _name(element: etree._Element) -> dict[str, str]:
    return {part: _get(element, f"Name/{tag}") for part, tag in _NAME.items()}


def _medication(element: etree._Element) -> Medication:
    days = _get(element, "DaysSupply")
    return Medication(
        description=_get(element, "DrugDescription"),
        strength=_get(element, "DrugCoded/Strength/StrengthValue"),
        quantity=_get(element, "Quantity/Value"),
        unit_code=_get(element, "Quantity/QuantityUnitOfMeasure/Code"),
        written=_date(element, "WrittenDate/Date"),
        refills=int(_get(element, "NumberOfRefills")),
        substitutions_allowed=_get(element, "Substitutions") == "0",
        sig=_get(element, "Sig/SigText"),
        days_supply=int(days) if days else None,
        rxcui=_get(element, "DrugCoded/DrugDBCode/Code") or None,
        ndc=_get(element, "DrugCoded/ProductCode/Code") or None,
        diagnosis=_get(element, "Diagnosis/Primary/Code") or None,
        note=_get(element, "Note") or None,
    )


def _date(element: etree._Element, path: str) -> date:
    """An xs:date; one that Python has no place for (year 0, a zone) is refused."""
    try:
        return date.fromisoformat(_get(element, path))
    except ValueError:
        raise schema.NotScript(f"{element.tag}/{path} is no date") from None


def _moment(element: etree._Element, path: str) -> datetime:
    """An xs:dateTime; one that Python has no place for (24:00:00, the year 12026) is refused."""
    try:
        return datetime.fromisoformat(_get(element, path))
    except ValueError:
        raise schema.NotScript(f"{element.tag}/{path} is no time") from None


def _address(element: etree._Element) -> Address:
    return Address(
        line1=_get(element, "Address/AddressLine1"),
        line2=_get(element, "Address/AddressLine2") or None,
        city=_get(element, "Address/City"),
        state=_get(element, "Address/StateProvince"),
        postal_code=_get(element, "Address/PostalCode"),
    )


def _phone(element: etree._Element, part: str) -> str:
    return _get(element, f"CommunicationNumbers/PrimaryTelephone/{part}")
