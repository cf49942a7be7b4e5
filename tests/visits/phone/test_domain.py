"""The states of a telephone leg and of a call: whatever the order in which twilio's words come, the end is the same."""

from hypothesis import given
from hypothesis import strategies as st

from visits.phone.domain import (
    OPEN,
    CallEnd,
    Leg,
    LegStatus,
    Modality,
    Side,
    heard,
    is_connected,
    later,
    modality,
    why_over,
)

STATUSES = st.sampled_from(list(LegStatus))
WORDS = st.tuples(
    st.sampled_from(
        [
            "queued",
            "initiated",
            "ringing",
            "in-progress",
            "completed",
            "busy",
            "no-answer",
            "failed",
            "canceled",
        ]
    ),
    st.sampled_from(["", "human", "unknown", "machine_start", "machine_end_beep", "fax"]),
)


def told(words: list[tuple[str, str]]) -> LegStatus:
    status = LegStatus.QUEUED
    for each in words:
        said = heard(*each)
        assert said is not None
        status = later(status, said)
    return status


@given(st.lists(WORDS), st.randoms())
def test_order_and_repetition_of_what_twilio_says_make_no_difference(words, random) -> None:  # type: ignore[no-untyped-def]
    mixed = [*words, *(word for word in words if random.random() < 0.5)]
    random.shuffle(mixed)
    assert told(mixed) is told(words)


@given(STATUSES, STATUSES)
def test_what_is_final_stays_final(known: LegStatus, said: LegStatus) -> None:
    if known not in OPEN:
        assert later(known, said) not in OPEN


@given(WORDS)
def test_no_machine_is_ever_let_into_the_conference(words: tuple[str, str]) -> None:
    if words[1].startswith(("machine", "fax")):
        assert heard(*words) is LegStatus.MACHINE


def test_words_of_a_later_twilio_are_no_status() -> None:
    assert heard("teleported") is None


LEGS = st.lists(st.builds(Leg, st.sampled_from(list(Side)), STATUSES, st.booleans()), min_size=1)


@given(LEGS, st.booleans())
def test_nobody_is_left_on_the_line_of_a_call_that_nobody_can_join(legs: list[Leg], connected: bool) -> None:
    """A call goes on if and only if somebody is on a line, and the clinician has not hung up."""
    goes_on = why_over(legs, connected=connected) is None
    clinicians = [leg for leg in legs if leg.side is Side.CLINICIAN]
    hung_up = any(leg.joined for leg in clinicians) and not any(leg.is_open for leg in clinicians)
    assert goes_on == (any(leg.is_open for leg in legs) and not hung_up)


def test_the_patient_who_hangs_up_leaves_the_clinician_there_and_not_the_other_way_round() -> None:
    doctor = Leg(Side.CLINICIAN, LegStatus.IN_CALL, True)
    patient = Leg(Side.PATIENT, LegStatus.IN_CALL, True)
    assert is_connected([doctor, patient])
    gone = Leg(Side.PATIENT, LegStatus.COMPLETED, True)
    assert why_over([doctor, gone], connected=True) is None
    assert not is_connected([doctor, gone])
    hung_up = Leg(Side.CLINICIAN, LegStatus.COMPLETED, True)
    assert why_over([hung_up, patient], connected=True) is CallEnd.HUNG_UP


def test_a_visit_by_telephone_alone_is_told_from_one_that_began_by_video() -> None:
    assert modality(video=False, phone=True) is Modality.AUDIO_ONLY
    assert modality(video=True, phone=True) is Modality.VIDEO_THEN_PHONE
    assert modality(video=True, phone=False) is Modality.VIDEO
    assert modality(video=False, phone=False) is None
