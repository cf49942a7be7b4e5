"""Sex and gender: four facts apart, whole in FHIR, and 'not recorded' never taken for 'other'."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.person.fhir_gender import BIRTH_SEX, CLINICAL_SEX, PRONOUNS, from_fhir, to_fhir
from identity.person.gender import (
    BirthSex,
    ClinicalSex,
    Gender,
    GenderIdentity,
    Pronouns,
    clinical_from,
    for_rules,
    problems,
    tidy,
)

words = st.text(st.characters(codec="utf-8"), max_size=40).map(lambda each: " ".join(each.split()))
genders = (
    st.builds(
        Gender,
        birth_sex=st.sampled_from(get_args(BirthSex)),
        clinical_sex=st.sampled_from(get_args(ClinicalSex)),
        gender_identity=st.sampled_from(get_args(GenderIdentity)),
        pronouns=st.sampled_from(get_args(Pronouns)),
        pronouns_other=words,
    )
    .map(tidy)
    .filter(lambda each: not problems(each))
)


@given(genders)
def test_fhir_has_every_fact_and_gives_it_back(gender: Gender) -> None:
    assert from_fhir(to_fhir(gender), "unknown") == gender


def test_what_is_not_recorded_is_left_out_of_fhir() -> None:
    assert to_fhir(Gender()) == []


@pytest.mark.parametrize(
    ("extensions", "sex", "expected"),
    [
        ([], "female", Gender(clinical_sex="female")),
        ([], "other", Gender()),
        ([{"url": BIRTH_SEX, "valueCode": "UNK"}], "unknown", Gender()),
        # What says nothing that we know is not recorded, and no other fact is taken in its place.
        ([{"url": CLINICAL_SEX, "extension": []}], "female", Gender()),
        (
            [{"url": PRONOUNS, "extension": [{"url": "value", "valueCodeableConcept": {"text": "ze/zir"}}]}],
            "male",
            Gender(clinical_sex="male", pronouns="other", pronouns_other="ze/zir"),
        ),
    ],
)
def test_an_import_takes_what_is_said(extensions: list[dict[str, Any]], sex: str, expected: Gender) -> None:
    assert from_fhir(extensions, sex) == expected


@pytest.mark.parametrize(
    ("sex", "clinical", "rules"),
    [
        ("female", "female", "female"),
        ("male", "male", "male"),
        ("other", "unknown", "unknown"),
        ("declined", "declined", "unknown"),
        ("unknown", "unknown", "unknown"),
    ],
)
def test_the_answer_at_registration_says_no_more_than_it_says(sex: str, clinical: str, rules: str) -> None:
    assert clinical_from(sex) == clinical
    assert for_rules(clinical) == rules
