"""Sex and gender as FHIR's extensions of Patient, and back. What is not recorded is left out.

Sources: US Core 6.1 (birthsex, genderIdentity), HL7 Gender Harmony (pronouns, sex parameter for clinical use), answers
of LOINC 90778-2 for pronouns, 45 CFR 170.207(o)(2) for gender identity.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from identity.person.gender import LONGEST_WORDS, Gender, clinical_from

Extension = dict[str, Any]
Coding = tuple[str, str]

_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
BIRTH_SEX = f"{_CORE}us-core-birthsex"
GENDER_IDENTITY = f"{_CORE}us-core-genderIdentity"
CLINICAL_SEX = "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse"
PRONOUNS = "http://hl7.org/fhir/StructureDefinition/individual-pronouns"

_SNOMED, _LOINC = "http://snomed.info/sct", "http://loinc.org"
_NULL = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_ABSENT = ("http://terminology.hl7.org/CodeSystem/data-absent-reason", "asked-declined")
_PARAMETER = "http://terminology.hl7.org/CodeSystem/sex-parameter-for-clinical-use"

_BIRTH_SEXES = {"female": "F", "male": "M", "other": "OTH", "declined": "ASKU"}
_IDENTITIES: dict[str, Coding] = {
    "woman": (_SNOMED, "446141000124107"),
    "man": (_SNOMED, "446151000124109"),
    "trans_woman": (_SNOMED, "407376001"),
    "trans_man": (_SNOMED, "407377005"),
    "non_binary": (_SNOMED, "446131000124102"),
    "other": (_NULL, "OTH"),
    "declined": (_NULL, "ASKU"),
}
_CLINICAL: dict[str, Coding] = {
    "female": (_PARAMETER, "female-typical"),
    "male": (_PARAMETER, "male-typical"),
    "specified": (_PARAMETER, "specified"),
    "declined": _ABSENT,
}
_PRONOUNS: dict[str, Coding] = {
    "he": (_LOINC, "LA29518-0"),
    "she": (_LOINC, "LA29519-8"),
    "they": (_LOINC, "LA29520-6"),
    "other": (_LOINC, "LA46-8"),
    "declined": _ABSENT,
}


def to_fhir(gender: Gender) -> list[Extension]:
    """An extension for each fact that is recorded."""
    found: list[Extension] = []
    if gender.birth_sex in _BIRTH_SEXES:
        found.append({"url": BIRTH_SEX, "valueCode": _BIRTH_SEXES[gender.birth_sex]})
    if gender.gender_identity in _IDENTITIES:
        concept = _concept(_IDENTITIES[gender.gender_identity])
        found.append({"url": GENDER_IDENTITY, "valueCodeableConcept": concept})
    if gender.clinical_sex in _CLINICAL:
        found.append(_nested(CLINICAL_SEX, _concept(_CLINICAL[gender.clinical_sex])))
    if gender.pronouns in _PRONOUNS:
        words = {"text": gender.pronouns_other} if gender.pronouns_other else {}
        found.append(_nested(PRONOUNS, _concept(_PRONOUNS[gender.pronouns]) | words))
    return found


def from_fhir(extensions: Sequence[Mapping[str, Any]], sex: str) -> Gender:
    """The facts that are there; `sex` is AdministrativeGender, from which the sex for clinical use follows where no
    extension says it. Codes that are not in our lists count as not recorded."""
    by_url = {str(each.get("url")): each for each in extensions}
    pronouns = _value(by_url.get(PRONOUNS))
    birth = str(by_url.get(BIRTH_SEX, {}).get("valueCode"))
    identity = by_url.get(GENDER_IDENTITY, {}).get("valueCodeableConcept") or {}
    clinical = _code(_CLINICAL, _value(by_url.get(CLINICAL_SEX)))
    chosen = _code(_PRONOUNS, pronouns)
    words = " ".join(str(pronouns.get("text") or "").split())[:LONGEST_WORDS]
    if words and chosen not in {"he", "she", "they", "declined"}:
        chosen = "other"
    return msgspec.convert(
        {
            "birth_sex": {code: name for name, code in _BIRTH_SEXES.items()}.get(birth, "unknown"),
            "clinical_sex": clinical if CLINICAL_SEX in by_url else clinical_from(sex),
            "gender_identity": _code(_IDENTITIES, identity),
            "pronouns": chosen if chosen != "other" or words else "unknown",
            "pronouns_other": words if chosen == "other" else "",
        },
        Gender,
    )


def _concept(coding: Coding) -> dict[str, Any]:
    return {"coding": [{"system": coding[0], "code": coding[1]}]}


def _nested(url: str, concept: dict[str, Any]) -> Extension:
    return {"url": url, "extension": [{"url": "value", "valueCodeableConcept": concept}]}


def _value(extension: Mapping[str, Any] | None) -> Mapping[str, Any]:
    parts: Iterable[Mapping[str, Any]] = (extension or {}).get("extension") or []
    return next((each.get("valueCodeableConcept") or {} for each in parts if each.get("url") == "value"), {})


def _code(names: Mapping[str, Coding], concept: Mapping[str, Any]) -> str:
    codings = {(each.get("system"), each.get("code")) for each in concept.get("coding") or []}
    return next((name for name, coding in names.items() if coding in codings), "unknown")
