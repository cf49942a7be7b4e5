"""Device: a device that the patient has, such as an implant (https://hl7.org/fhir/R4/device.html)."""

from chart.domain import Resource, Said, as_written
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import concept, either, plain
from chart.record.spec import ResourceSpec, codes, dates, few, string, token


def _named(resource: Resource) -> str | None:
    """The name on it, where no concept says what it is."""
    names = [each.get("name") for each in resource.get("deviceName") or []]
    return next((each for each in names if each), None)


_STATUSES = {
    "active": Said("In use", "En uso"),
    "inactive": Said("Not in use", "Fuera de uso"),
}


def _line(resource: Resource) -> Line:
    number = resource.get("serialNumber")
    maker = resource.get("manufacturer")
    facts = [
        _STATUSES.get(resource.get("status", "")),
        as_written(maker) if maker else None,
        Said(f"Serial number {number}", f"Número de serie {number}") if number else None,
    ]
    return line_of(resource.get("type") or {"text": _named(resource)}, facts, None)


def new(by: Asserter) -> Resource:
    """A device that the patient uses or has in the body."""
    return {"resourceType": "Device", "status": "active"}


SPEC = ResourceSpec(
    type="Device",
    codes={"status": codes("active inactive entered-in-error unknown")},
    patient="patient",
    about="type",
    named=_named,
    status_required=False,
    search=(
        dates("manufacture-date", "manufactureDate"),
        dates("expiration-date", "expirationDate"),
        token("type", hot=True),
        few("status"),
        token("udi-di", "udiCarrier.deviceIdentifier"),
        token("serial-number", "serialNumber"),
        token("lot-number", "lotNumber"),
        string("device-name", "deviceName.name", "type"),
        string("manufacturer"),
        string("model", "modelNumber"),
    ),
    section=Section(
        title=Said("Devices and implants", "Dispositivos e implantes"),
        none=Said("No devices recorded", "No hay dispositivos registrados"),
        add=Said("Add a device", "Agregar un dispositivo"),
        own_title=Said("Your devices and implants", "Sus dispositivos e implantes"),
        own_none=Said("No devices on record.", "No hay dispositivos en el expediente."),
        fields=(
            Field(
                name="name",
                label=Said("Device", "Dispositivo"),
                at=either(concept("type"), plain("deviceName.0.name")),
                required=True,
            ),
            Field(name="maker", label=Said("Manufacturer", "Fabricante"), at=plain("manufacturer")),
            Field(name="model", label=Said("Model", "Modelo"), at=plain("modelNumber")),
            Field(name="serial", label=Said("Serial number", "Número de serie"), at=plain("serialNumber")),
            Field(
                name="status",
                label=Said("Status", "Estado"),
                at=plain("status"),
                kind="choice",
                asked=False,
                choices=_STATUSES,
            ),
        ),
        line=_line,
        new=new,
    ),
)
