"""SCRIPT messages as XML bytes. What is built is checked against the schema before it leaves."""

from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree

from chart.prescribing.script import schema
from chart.prescribing.script.messages import (
    NOT_CONTROLLED,
    Address,
    Error,
    Header,
    Medication,
    Message,
    Name,
    NewRx,
    Party,
    Patient,
    Pharmacy,
    Prescriber,
    Status,
    Verify,
)

SOFTWARE = ("Carethread", "Carethread", "0.1")
VERSIONS = {
    "DatatypesVersion": "20170715",
    "TransportVersion": "20170715",
    "StructuresVersion": "20170715",
    "ECLVersion": "20170715",
    "TransactionVersion": "20170715",
    "TransactionDomain": "SCRIPT",
}


def to_xml(message: Message) -> bytes:
    """The message as UTF-8 XML. Raises NotScript if it would break the schema."""
    root = etree.Element("Message", VERSIONS)
    _header(root, message.header)
    body = etree.SubElement(root, "Body")
    match message:
        case NewRx():
            _new_rx(body, message)
        case Status():
            _codes(body, "Status", Code=message.code, Description=message.description)
        case Verify():
            verify = etree.SubElement(body, "Verify")
            _codes(verify, "VerifyStatus", Code=message.code, Description=message.description)
        case Error():
            _codes(
                body,
                "Error",
                Code=message.code,
                DescriptionCode=message.description_code,
                Description=message.description,
            )
    schema.check(root)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data


def _text(parent: etree._Element, name: str, text: str | None) -> None:
    """An element with text; none where there is no text."""
    if text:
        etree.SubElement(parent, name).text = text


def _codes(parent: etree._Element, name: str, **texts: str) -> None:
    element = etree.SubElement(parent, name)
    for child, text in texts.items():
        _text(element, child, text)


def _nested(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, name)
    return parent


def _header(root: etree._Element, header: Header) -> None:
    element = etree.SubElement(root, "Header")
    _party(element, "To", header.to)
    _party(element, "From", header.sender)
    _text(element, "MessageID", header.message_id)
    _text(element, "RelatesToMessageID", header.relates_to)
    _text(element, "SentTime", utc(header.sent_at))
    software = etree.SubElement(element, "SenderSoftware")
    for name, text in zip(("Developer", "Product", "VersionRelease"), SOFTWARE, strict=True):
        _text(software, f"SenderSoftware{name}", text)
    _text(element, "PrescriberOrderNumber", header.order_number)


def utc(at: datetime) -> str:
    """'2026-11-05T14:03:09Z': SCRIPT carries whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _party(parent: etree._Element, name: str, party: Party) -> None:
    etree.SubElement(parent, name, Qualifier=party.qualifier).text = party.id


def _new_rx(body: etree._Element, message: NewRx) -> None:
    new_rx = etree.SubElement(body, "NewRx")
    parts: tuple[tuple[tuple[str, ...], Callable[[etree._Element], None]], ...] = (
        (("Patient", "HumanPatient"), lambda element: _patient(element, message.patient)),
        (("Pharmacy",), lambda element: _pharmacy(element, message.pharmacy)),
        (("Prescriber", "NonVeterinarian"), lambda element: _prescriber(element, message.prescriber)),
        (("MedicationPrescribed",), lambda element: _medication(element, message.medication)),
    )
    for names, fill in parts:
        fill(_nested(new_rx, *names))


def _name(parent: etree._Element, name: Name) -> None:
    _codes(
        parent,
        "Name",
        LastName=name.family,
        FirstName=name.given,
        MiddleName=name.second,
        Suffix=name.suffix,
        Prefix=name.prefix,
    )


def _patient(element: etree._Element, patient: Patient) -> None:
    _name(element, patient)
    _text(element, "Gender", patient.gender)
    _codes(element, "DateOfBirth", Date=patient.birth_date.isoformat())
    _address(element, patient.address)
    _phone(element, patient.phone, patient.extension)


def _pharmacy(element: etree._Element, pharmacy: Pharmacy) -> None:
    _codes(element, "Identification", NCPDPID=pharmacy.ncpdp_id, NPI=pharmacy.npi)
    _text(element, "BusinessName", pharmacy.name)
    _address(element, pharmacy.address)
    _phone(element, pharmacy.phone, pharmacy.extension)


def _prescriber(element: etree._Element, prescriber: Prescriber) -> None:
    _codes(element, "Identification", NPI=prescriber.npi)
    _name(element, prescriber)
    _address(element, prescriber.address)
    _phone(element, prescriber.phone, prescriber.extension)


def _medication(element: etree._Element, medication: Medication) -> None:
    _text(element, "DrugDescription", medication.description)
    coded = etree.SubElement(element, "DrugCoded")
    if medication.ndc:
        _codes(coded, "ProductCode", Code=medication.ndc, Qualifier="ND")
    _codes(coded, "Strength", StrengthValue=medication.strength)
    if medication.rxcui:
        _codes(coded, "DrugDBCode", Code=medication.rxcui, Qualifier="SCD")
    _codes(coded, "DEASchedule", Code=NOT_CONTROLLED)
    quantity = etree.SubElement(element, "Quantity")
    _text(quantity, "Value", medication.quantity)
    _text(quantity, "CodeListQualifier", "38")
    _codes(quantity, "QuantityUnitOfMeasure", Code=medication.unit_code)
    _text(element, "DaysSupply", str(medication.days_supply) if medication.days_supply else None)
    _codes(element, "WrittenDate", Date=medication.written.isoformat())
    _text(element, "Substitutions", "0" if medication.substitutions_allowed else "1")
    _text(element, "NumberOfRefills", str(medication.refills))
    if medication.diagnosis:
        diagnosis = etree.SubElement(element, "Diagnosis")
        _text(diagnosis, "ClinicalInformationQualifier", "1")
        _codes(diagnosis, "Primary", Code=medication.diagnosis, Qualifier="ABF")
    _text(element, "Note", medication.note)
    _codes(element, "Sig", SigText=medication.sig)


def _address(parent: etree._Element, address: Address) -> None:
    _codes(
        parent,
        "Address",
        AddressLine1=address.line1,
        AddressLine2=address.line2 or "",
        City=address.city,
        StateProvince=address.state,
        PostalCode=address.postal_code,
        CountryCode="US",
    )


def _phone(parent: etree._Element, number: str, extension: str) -> None:
    telephone = _nested(parent, "CommunicationNumbers", "PrimaryTelephone")
    _text(telephone, "Number", number)
    _text(telephone, "Extension", extension)
