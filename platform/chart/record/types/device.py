"""Device: a device that the patient has, such as an implant (https://hl7.org/fhir/R4/device.html)."""

from collections.abc import Mapping

from chart.domain import Resource
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Said, Section, as_written, line_of
from chart.record.spec import ResourceSpec, codes, dates, string, token


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


def build(values: Mapping[str, str], by: Asserter) -> Resource:
    """A device that the patient uses or has in the body."""
    parts = {"maker": "manufacturer", "model": "modelNumber", "serial": "serialNumber"}
    return {
        "resourceType": "Device",
        "status": "active",
        "type": {"text": values["name"]},
        **{element: values[name] for name, element in parts.items() if name in values},
    }


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
        token("status"),
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
            Field(name="name", label=Said("Device", "Dispositivo"), required=True),
            Field(name="maker", label=Said("Manufacturer", "Fabricante")),
            Field(name="model", label=Said("Model", "Modelo")),
            Field(name="serial", label=Said("Serial number", "Número de serie")),
        ),
        line=_line,
        build=build,
    ),
)
