"""Each red flag with answers that raise it and near ones that do not, and words that lead to a question."""

from typing import Any

import pytest

from core.rules.conditions import Never
from intake import catalog
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.rules import Level, triage

Answers = dict[str, Any]
ADULT = Facts(years=52, months=624, days=18_993)

# rule -> (reason, answers that raise it, answers next to them that do not)
CASES: dict[str, tuple[str, Answers, Answers]] = {
    "chest_pain": ("cough", {"safety.now": ["chest-pain"]}, {"safety.now": ["none"]}),
    "stroke": ("headache", {"headache.warning": ["weakness"]}, {"headache.warning": ["none"]}),
    "breathing": ("cough", {"cough.breath": "rest"}, {"cough.breath": "exertion"}),
    "airway": ("sore-throat", {"throat.warning": ["drool"]}, {"throat.symptoms": ["hoarse"]}),
    "throat_abscess": ("sore-throat", {"throat.warning": ["muffled"]}, {"throat.symptoms": ["patches"]}),
    "anaphylaxis": ("allergy", {"allergy.warning": ["throat"]}, {"allergy.symptoms": ["hives", "sneeze"]}),
    "suicide": ("mood", {"mood.thoughts": True}, {"mood.thoughts": False}),
    "harm_others": ("mood", {"mood.warning": ["harm-others"]}, {"mood.warning": ["voices"]}),
    "severe_mental": ("mood", {"mood.warning": ["voices"]}, {"mood.warning": ["postpartum"]}),
    "unsafe_home": ("mood", {"mood.warning": ["unsafe"]}, {"mood.warning": ["none"]}),
    "fainting": ("headache", {"headache.warning": ["seizure"]}, {"headache.warning": ["blood-thinner"]}),
    "heavy_bleeding": ("rash", {"safety.now": ["bleeding"]}, {"safety.now": ["none"]}),
    "poisoning": ("refill", {"safety.now": ["poison"]}, {"safety.now": ["none"]}),
    "pregnancy_bleeding": (
        "urinary",
        {"pregnant": "yes", "pregnancy.warning": ["bleeding"]},
        {"pregnant": "na", "pregnancy.warning": ["bleeding"]},
    ),
    "preeclampsia": (
        "headache",
        {"pregnant": "yes", "pregnancy.warning": ["vision"]},
        {"pregnant": "yes", "pregnancy.warning": ["none"]},
    ),
    "fetal_movement": (
        "other",
        {"pregnant": "yes", "pregnancy.warning": ["less-movement"]},
        {"pregnant": "no", "pregnancy.warning": ["less-movement"]},
    ),
    "thunderclap": ("headache", {"headache.onset": "sudden"}, {"headache.onset": "gradual"}),
    "meningitis": (
        "rash",
        {"fever": "39.5", "rash.warning": ["purple"]},
        {"fever": "no", "rash.warning": ["stiff-neck"]},
    ),
    "vision_loss": ("other", {"other.warning": ["vision"]}, {"other.warning": ["calf"]}),
    "head_injury_danger": (
        "headache",
        {"headache.warning": ["injury", "blood-thinner"]},
        {"headache.warning": ["blood-thinner"]},
    ),
    "head_injury": ("headache", {"headache.warning": ["injury"]}, {"headache.symptoms": ["nausea"]}),
    "new_headache_50": ("headache", {"headache.before": False}, {"headache.before": True}),
    "sepsis": (
        "urinary",
        {"uti.warning": ["racing", "chills"]},
        {"uti.warning": ["racing"], "fever": "no"},
    ),
    "kidney_infection": ("urinary", {"uti.warning": ["flank"]}, {"uti.symptoms": ["burning"], "fever": "no"}),
    "urinary_retention": ("urinary", {"uti.warning": ["no-urine"]}, {"uti.symptoms": ["frequency"]}),
    "uti_pregnancy": (
        "urinary",
        {"uti.symptoms": ["burning"], "pregnant": "yes"},
        {"uti.symptoms": ["none"], "pregnant": "yes"},
    ),
    "severe_skin": (
        "rash",
        {"rash.warning": ["sores"], "rash.new": ["medicine"]},
        {"rash.warning": ["sores"], "rash.new": ["contact"]},
    ),
    "purple_rash": ("rash", {"rash.warning": ["purple"]}, {"rash.look": ["painful"]}),
    "eye_rash": ("rash", {"rash.warning": ["eye"]}, {"rash.where": ["face"]}),
    "cauda_equina": ("back-pain", {"back.warning": ["bladder"]}, {"back.leg": True}),
    "aortic": ("back-pain", {"back.warning": ["tearing"]}, {"severity": 10}),
    "spine_infection": (
        "back-pain",
        {"back.warning": ["cancer", "weight"]},
        {"back.warning": ["cancer"]},
    ),
    "internal_bleeding": (
        "stomach",
        {"stomach.warning": ["black-stool"]},
        {"stomach.symptoms": ["constipation"]},
    ),
    "acute_abdomen": ("stomach", {"stomach.warning": ["hard"]}, {"stomach.symptoms": ["pain"]}),
    "appendicitis": (
        "stomach",
        {"stomach.symptoms": ["pain"], "stomach.where": "lower-right", "fever": "38"},
        {"stomach.symptoms": ["pain"], "stomach.where": "lower-right", "fever": "no", "stomach.pain": 6},
    ),
    "dehydration": ("stomach", {"stomach.warning": ["dry"]}, {"stomach.symptoms": ["vomiting"]}),
    "jaundice": ("stomach", {"stomach.warning": ["yellow"]}, {"stomach.warning": ["weight"]}),
    "leg_clot": ("other", {"other.warning": ["calf"]}, {"other.warning": ["none"]}),
    "injury": ("other", {"other.warning": ["injury"]}, {"severity": 9}),
    "medicine_out": (
        "refill",
        {"refill.days": 0, "refill.kind": ["thinner"]},
        {"refill.days": 0, "refill.kind": ["pain"]},
    ),
    "depression_severe": ("mood", {f"phq9.{n}": "LA6571-9" for n in range(1, 8)}, {"phq9.1": "LA6571-9"}),
    "postpartum_danger": (
        "rash",
        {"pregnant": "recent", "postpartum.warning": ["bleeding"]},
        {"pregnant": "no", "postpartum.warning": ["bleeding"]},
    ),
    "postpartum_infection": (
        "mood",
        {"pregnant": "recent", "postpartum.warning": ["leg"]},
        {"pregnant": "recent", "postpartum.warning": ["none"]},
    ),
    "postpartum_mood": ("mood", {"mood.warning": ["postpartum"]}, {"mood.warning": ["none"]}),
    "testicle": ("urinary", {"testicle.pain": True}, {"testicle.pain": False}),
    "dka": (
        "refill",
        {"refill.kind": ["insulin"], "refill.unwell": True, "refill.missed": "3+"},
        {"refill.kind": ["insulin"], "refill.unwell": True, "refill.missed": "0", "refill.days": 3},
    ),
}

# The same for babies, who are 42 days old in the first case and 90 in the second.
BABIES: dict[str, tuple[str, Answers]] = {
    "infant_fever": ("cough", {"fever": "39.5"}),
    "infant_ill": ("allergy", {"infant.warning": ["feeding"]}),
}


def _flags(reason: str, answers: Answers, facts: Facts = ADULT) -> list[str]:
    questionnaire = for_person(catalog.questionnaires()[reason], facts)
    return [
        rule.id for rule in triage(catalog.rules(), catalog.lexicon(), questionnaire, answers, facts).flags
    ]


def test_every_rule_that_looks_at_answers_has_its_cases() -> None:
    by_answers = {rule.id for rule in catalog.rules() if rule.when != Never()}
    assert set(CASES) | set(BABIES) == by_answers


@pytest.mark.parametrize("rule", BABIES)
def test_a_baby_under_three_months_has_rules_of_its_own(rule: str) -> None:
    reason, answers = BABIES[rule]
    assert rule in _flags(reason, answers, Facts(years=0, months=1, days=42))
    assert rule not in _flags(reason, answers, Facts(years=0, months=2, days=90))


@pytest.mark.parametrize("rule", CASES)
def test_a_flag_is_raised_and_only_then(rule: str) -> None:
    reason, raising, near = CASES[rule]
    assert rule in _flags(reason, raising)
    assert rule not in _flags(reason, near)


def test_what_a_life_hangs_on_is_an_emergency() -> None:
    levels = {rule.id: rule.level for rule in catalog.rules()}
    for rule in ("chest_pain", "stroke", "breathing", "suicide", "anaphylaxis", "sepsis", "cauda_equina"):
        assert levels[rule] is Level.EMERGENCY
