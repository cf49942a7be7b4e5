"""Sex and gender: what a clinic asks of a person, each apart from the others. No database.

The legal sex is `sex` of a patient (FHIR AdministrativeGender). `unknown` is 'not recorded', `declined` is 'asked, and
rather not said'; neither is ever taken for `other`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from identity.person.names import line_problem

BirthSex = Literal["female", "male", "other", "declined", "unknown"]
"""Sex assigned at birth (us-core-birthsex)."""
ClinicalSex = Literal["female", "male", "specified", "declined", "unknown"]
"""Sex for clinical use (HL7 Gender Harmony's parameter): whose doses and ranges apply; `specified` in the notes."""
GenderIdentity = Literal[
    "woman", "man", "trans_woman", "trans_man", "non_binary", "other", "declined", "unknown"
]
Pronouns = Literal["she", "he", "they", "other", "declined", "unknown"]

LONGEST_WORDS = 40
PronounWords = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)]


class Gender(msgspec.Struct, kw_only=True):
    """`pronouns_other` are the person's own words where `pronouns` is `other`, and '' where it is not."""

    birth_sex: BirthSex = "unknown"
    clinical_sex: ClinicalSex = "unknown"
    gender_identity: GenderIdentity = "unknown"
    pronouns: Pronouns = "unknown"
    pronouns_other: PronounWords = ""


class GenderForm(Gender, forbid_unknown_fields=True):
    """All of it as somebody chose it."""


FACTS = Gender.__struct_fields__
_SAID: Mapping[str, ClinicalSex] = {"female": "female", "male": "male", "declined": "declined"}


def gender_in(facts: object) -> Gender:
    """The facts among an object's fields."""
    return msgspec.convert({fact: getattr(facts, fact) for fact in FACTS}, Gender)


def tidy(gender: Gender) -> Gender:
    """Without blanks, and without words for pronouns where one of the list was chosen."""
    words = " ".join(gender.pronouns_other.split()) if gender.pronouns == "other" else ""
    return msgspec.structs.replace(gender, pronouns_other=words)


def problems(gender: Gender) -> dict[str, str]:
    """What is wrong with tidy facts, by field."""
    if gender.pronouns != "other":
        return {}
    problem = line_problem(gender.pronouns_other) if gender.pronouns_other else "required"
    return {"pronouns_other": problem} if problem else {}


def clinical_from(sex: str) -> ClinicalSex:
    """What the answer to 'sex' says of medicines and tests: female and male say it, everything else leaves it open."""
    return _SAID.get(sex, "unknown")


def for_rules(clinical: str) -> str:
    """`female`, `male` or `unknown`: rules and questions that depend on it ask whoever is neither for certain."""
    return clinical if clinical in {"female", "male"} else "unknown"
