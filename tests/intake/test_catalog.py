"""The shipped questionnaires and rules: valid FHIR, true codes, both languages, no loose ends."""

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from core.rules.conditions import OneOf, fact_tests
from intake import catalog
from intake.questionnaires.evaluation import compare
from intake.questionnaires.questionnaire import Item
from intake.red_flags.rules import DAYS, MONTHS, YEARS
from visits.calls import help_numbers

REASONS = list(catalog.questionnaires())


@pytest.mark.parametrize("reason", REASONS)
def test_each_questionnaire_is_valid_fhir_r4(reason: str) -> None:
    FhirQuestionnaire.model_validate(catalog.resources()[reason])


@pytest.mark.parametrize("reason", REASONS)
def test_every_question_has_an_identity_and_a_spanish_text(reason: str) -> None:
    items = list(catalog.questionnaires()[reason].walk())
    assert len({item.link_id for item in items}) == len(items)
    for item in items:
        assert item.text.es, item.link_id
        assert item.hidden or item.text.es != item.text.en, item.link_id
        codes = [option.code for option in item.options]
        assert len(set(codes)) == len(codes)
        assert (item.type == "choice") == bool(codes)


@pytest.mark.parametrize("reason", REASONS)
def test_conditions_name_earlier_questions_and_real_choices(reason: str) -> None:
    items = {item.link_id: item for item in catalog.questionnaires()[reason].walk()}
    for item in items.values():
        for condition in item.conditions:
            source = items[condition.question]
            assert source.type != "choice" or source.option(str(condition.value)), item.link_id
            compare(1, "=" if condition.operator == "exists" else condition.operator, 1)
        for link_id in item.sum_of:
            assert all(option.score is not None for option in items[link_id].options)


AGES = {YEARS, MONTHS, DAYS}


def test_one_link_id_means_one_question_in_all_questionnaires() -> None:
    seen: dict[str, Item] = {}
    for questionnaire in catalog.questionnaires().values():
        for item in questionnaire.walk():
            if item.options:
                first = seen.setdefault(item.link_id, item)
                assert first.options == item.options, item.link_id


def test_loinc_codes_have_their_check_digit() -> None:
    codes = {
        item.loinc for questionnaire in catalog.questionnaires().values() for item in questionnaire.walk()
    }
    for code in codes - {None}:
        number, digit = str(code).split("-")
        doubled = "".join(str(int(d) * (2 if i % 2 == 0 else 1)) for i, d in enumerate(reversed(number)))
        assert (10 - sum(map(int, doubled)) % 10) % 10 == int(digit), code


def test_phq9_and_gad7_keep_their_official_wording() -> None:
    items = {item.link_id: item for item in catalog.questionnaires()["mood"].walk()}
    assert items["phq9.9"].loinc == "44260-8"
    assert (
        items["phq9.9"].text.en
        == "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert (
        items["phq9.9"].text.es
        == "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera"
    )
    assert items["gad7.7"].text.es == "Ha tenido miedo de que algo terrible fuera a pasar"
    assert [option.score for option in items["gad7.1"].options] == [0, 1, 2, 3]
    assert len(items["phq9.total"].sum_of) == 9
    assert len(items["gad7.total"].sum_of) == 7


def test_rules_look_at_questions_and_choices_that_exist() -> None:
    choices: dict[str, set[str]] = {}
    for questionnaire in catalog.questionnaires().values():
        for item in questionnaire.walk():
            choices.setdefault(item.link_id, set()).update(option.code for option in item.options)
    for rule in catalog.rules():
        for test in fact_tests(rule.when):
            assert test.fact in choices or test.fact in AGES, rule.id
            if isinstance(test, OneOf):
                assert set(test.values) <= choices[test.fact], rule.id
    assert not any(link_id.startswith("age.") for link_id in choices), "a question would hide the age"


def test_each_rule_says_what_to_do_in_both_languages_and_where_it_comes_from() -> None:
    ids = [rule.id for rule in catalog.rules()]
    assert len(set(ids)) == len(ids)
    for rule in catalog.rules():
        assert rule.source and rule.title.es != rule.title.en and rule.advice.es != rule.advice.en
        assert rule.ask.es != rule.ask.en


def test_every_rule_has_words_and_all_words_have_a_rule() -> None:
    assert set(catalog.words().patterns) == {rule.id for rule in catalog.rules()}


def test_numbers_for_help() -> None:
    assert (help_numbers.numbers("US").emergency, help_numbers.numbers("US").crisis) == ("911", "988")
    assert help_numbers.numbers("DE").emergency == "112"
    assert help_numbers.numbers("US").poison == "+1-800-222-1222"
    assert help_numbers.numbers("US").violence == "+1-800-799-7233"
    assert not help_numbers.numbers("DE").poison
