"""Who speaks, whose turn it is, and what may be said."""

import pytest

from core.actor import Actor, Role
from core.errors import Invalid
from core.ids import new_id
from messaging.domain import MAX_BODY, MAX_SUBJECT, Side, clean_body, clean_subject, side_of, waits_for


def actor(role: Role) -> Actor:
    return Actor(clinic_id=new_id(), roles=frozenset({role}), account_id=new_id())


@pytest.mark.parametrize(
    ("role", "side"),
    [
        (Role.PATIENT, Side.PATIENT),
        (Role.CLINICIAN, Side.CLINIC),
        (Role.COORDINATOR, Side.CLINIC),
        (Role.SYSTEM, Side.SYSTEM),
    ],
)
def test_each_speaks_for_a_side(role: Role, side: Side) -> None:
    assert side_of(actor(role)) is side


def test_whoever_was_written_to_is_next() -> None:
    assert waits_for(Side.PATIENT) is Side.CLINIC
    assert waits_for(Side.CLINIC) is Side.PATIENT
    assert waits_for(Side.SYSTEM) is None


def test_a_message_has_up_to_five_thousand_letters() -> None:
    assert clean_body(" a\n b ") == "a\n b"
    assert clean_body("x" * 5000) == "x" * MAX_BODY
    for text, code in ((" \n ", "required"), ("x" * 5001, "too_long")):
        with pytest.raises(Invalid) as refused:
            clean_body(text)
        assert [(each.path, each.code) for each in refused.value.fields] == [("body", code)]


def test_a_subject_is_one_line_of_two_hundred_letters() -> None:
    assert clean_subject(" a \n b ") == "a b"
    assert clean_subject("x" * 200) == "x" * MAX_SUBJECT
    for text, code in ((" ", "required"), ("x" * 201, "too_long")):
        with pytest.raises(Invalid) as refused:
            clean_subject(text)
        assert [(each.path, each.code) for each in refused.value.fields] == [("subject", code)]
