"""Reads FHIR R4 `Questionnaire` resources into items, with the extensions that this module knows.

A hidden item may carry `urn:carethread:questionnaire:sum-of` extensions: its value is the sum of the
`ordinalValue`s chosen in the named questions. FHIR would say this in FHIRPath; a sum is all that PHQ-9 and
GAD-7 need, and it spares patients' phones a FHIRPath engine.

An item may say to whom it applies (`urn:carethread:questionnaire:applies-to`): `sex` (one or more codes of FHIR
AdministrativeGender), `min-years`, `max-years` and `max-days`, all ends included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.rules.text import Text
from intake.questionnaires.questionnaire import AppliesTo, Condition, Item, Option, Questionnaire

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OPTION_EXCLUSIVE = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
MIN_VALUE = "http://hl7.org/fhir/StructureDefinition/minValue"
MAX_VALUE = "http://hl7.org/fhir/StructureDefinition/maxValue"
APPLIES_TO = "urn:carethread:questionnaire:applies-to"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
SHORT_TEXT = "urn:carethread:questionnaire:short-text"
SUM_OF = "urn:carethread:questionnaire:sum-of"
NOTE_SECTION = "urn:carethread:questionnaire:note-section"


def parse(resource: Mapping[str, Any]) -> Questionnaire:
    """Read a FHIR R4 Questionnaire written with the elements and extensions that this module knows."""
    return Questionnaire(
        code=resource["id"],
        url=resource["url"],
        version=resource["version"],
        title=_text(resource, "title"),
        items=tuple(_item(item) for item in resource["item"]),
    )


def _item(source: Mapping[str, Any]) -> Item:
    text = _text(source, "text")
    return Item(
        link_id=source["linkId"],
        type=source["type"],
        text=text,
        short=_short(source) or text,
        required=source.get("required", False),
        repeats=source.get("repeats", False),
        hidden=_extension(source, HIDDEN, "valueBoolean", False),
        max_length=source.get("maxLength"),
        minimum=_extension(source, MIN_VALUE, "valueInteger", None),
        maximum=_extension(source, MAX_VALUE, "valueInteger", None),
        options=tuple(_option(option) for option in source.get("answerOption", ())),
        conditions=tuple(_condition(condition) for condition in source.get("enableWhen", ())),
        all_conditions=source.get("enableBehavior", "all") == "all",
        sum_of=tuple(ext["valueString"] for ext in source.get("extension", ()) if ext["url"] == SUM_OF),
        note_section=_extension(source, NOTE_SECTION, "valueCode", "hpi"),
        loinc=next((code["code"] for code in source.get("code", ())), None),
        applies_to=_applies_to(source),
        children=tuple(_item(child) for child in source.get("item", ())),
    )


def _applies_to(source: Mapping[str, Any]) -> AppliesTo | None:
    parts = _extension(source, APPLIES_TO, "extension", None)
    if parts is None:
        return None
    limits = {part["url"]: part["valueInteger"] for part in parts if "valueInteger" in part}
    return AppliesTo(
        sexes=tuple(part["valueCode"] for part in parts if part["url"] == "sex"),
        min_years=limits.get("min-years"),
        max_years=limits.get("max-years"),
        max_days=limits.get("max-days"),
    )


def _option(source: Mapping[str, Any]) -> Option:
    coding = source["valueCoding"]
    return Option(
        system=coding["system"],
        code=coding["code"],
        text=_text(coding, "display"),
        score=_extension(coding, ORDINAL_VALUE, "valueDecimal", None),
        exclusive=_extension(source, OPTION_EXCLUSIVE, "valueBoolean", False),
    )


def _condition(source: Mapping[str, Any]) -> Condition:
    value = next(source[key] for key in source if key.startswith("answer"))
    return Condition(
        source["question"], source["operator"], value["code"] if isinstance(value, dict) else value
    )


def _short(source: Mapping[str, Any]) -> Text | None:
    parts = _extension(source, SHORT_TEXT, "extension", None)
    return parts and Text(**{part["url"]: part["valueString"] for part in parts})


def _text(source: Mapping[str, Any], name: str) -> Text:
    """A FHIR string with its Spanish from the translation extension on the primitive (`_name`)."""
    english: str = source[name]
    for extension in source.get("_" + name, {}).get("extension", ()):
        if extension["url"] == TRANSLATION:
            parts = {part["url"]: part for part in extension["extension"]}
            if parts["lang"]["valueCode"] == "es":
                return Text(english, parts["content"]["valueString"])
    return Text(english, english)


def _extension(source: Mapping[str, Any], url: str, key: str, default: Any) -> Any:
    return next((ext[key] for ext in source.get("extension", ()) if ext["url"] == url), default)
