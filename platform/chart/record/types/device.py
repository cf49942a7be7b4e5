"""Device: a device that the patient has, such as an implant (https://hl7.org/fhir/R4/device.html)."""

from chart.domain import Resource
from chart.record.spec import ResourceSpec, codes, dates, string, token


def _named(resource: Resource) -> str | None:
    """The name on it, where no concept says what it is."""
    names = [each.get("name") for each in resource.get("deviceName") or []]
    return next((each for each in names if each), None)


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
)
