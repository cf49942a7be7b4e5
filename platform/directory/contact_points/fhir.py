"""Ways to reach a patient as FHIR's ContactPoint (R4), and back."""

from collections.abc import Iterable, Mapping
from typing import Any

from directory.contact_points.domain import ContactKind, Way, read_value
from directory.contact_points.schemas import ContactForm

FhirContactPoint = dict[str, Any]

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/contactpoint-extension"
_COMMENT = "http://hl7.org/fhir/StructureDefinition/contactpoint-comment"
_MESSAGE = "urn:carethread:may-leave-message"
_USES = {ContactKind.MOBILE: "mobile", ContactKind.HOME: "home", ContactKind.WORK: "work"}
_KINDS = {use: kind for kind, use in _USES.items()}
_PHONES = ("phone", "sms")
_LONGEST_NOTE = 200


def to_fhir(way: Way) -> FhirContactPoint:
    """The parts that there are."""
    email = way.kind == ContactKind.EMAIL
    found: FhirContactPoint = {"system": "email" if email else "phone", "value": way.value}
    if use := _USES.get(ContactKind(way.kind)):
        found["use"] = use
    if way.preferred:
        found["rank"] = 1
    more: list[dict[str, Any]] = []
    if way.extension:
        more.append({"url": _EXTENSION, "valueString": way.extension})
    if way.point and way.point.note:
        more.append({"url": _COMMENT, "valueString": way.point.note})
    if not way.may_leave_message:
        more.append({"url": _MESSAGE, "valueBoolean": False})
    return {"extension": more, **found} if more else found


def from_fhir(telecom: Iterable[Mapping[str, Any]]) -> list[ContactForm]:
    """Telephones and mailboxes that are in use, as a form has them. What cannot be one is left out: nothing here
    guesses, and what nobody can dial reaches nobody."""
    found: list[ContactForm] = []
    for each in telecom:
        form = _form(each)
        if form is not None and all(_same(form) != _same(other) for other in found):
            form.preferred = each.get("rank") == 1 and not any(other.preferred for other in found)
            found.append(form)
    return found


def _same(form: ContactForm) -> object:
    return read_value(form.kind, form.value)


def _form(each: Mapping[str, Any]) -> ContactForm | None:
    system, use = each.get("system"), each.get("use")
    if use == "old" or system not in (*_PHONES, "email"):
        return None
    kind = ContactKind.EMAIL if system == "email" else _phone_kind(str(system), str(use or ""))
    more = {one.get("url"): one for one in each.get("extension") or []}
    extension = str((more.get(_EXTENSION) or {}).get("valueString") or "")
    value = str(each.get("value") or "") + (f" ext. {extension}" if extension else "")
    if read_value(kind, value) is None:
        return None
    note = str((more.get(_COMMENT) or {}).get("valueString") or "")
    return ContactForm(
        kind=kind,
        value=value,
        may_leave_message=(more.get(_MESSAGE) or {}).get("valueBoolean") is not False,
        note=" ".join(note.split())[:_LONGEST_NOTE],
    )


def _phone_kind(system: str, use: str) -> ContactKind:
    return _KINDS.get(use, ContactKind.MOBILE if system == "sms" else ContactKind.OTHER)
