"""The moves of a task, what may be written in it, and the days that are offered."""

import pytest

from core.errors import Conflict, Invalid
from followup.domain import (
    DEFAULT_DAYS,
    END_OF_DAY,
    MAX_TEXT,
    MAX_TITLE,
    OFFERED_DAYS,
    TRANSITIONS,
    TaskPriority,
    TaskStatus,
    check_move,
    clean_text,
    clean_title,
)
from tests.moves import shown, table


def test_the_moves_of_a_task() -> None:
    assert shown(TRANSITIONS) == table("""
        open: done cancelled
        done: open
        cancelled: open
    """)
    with pytest.raises(Conflict) as refused:
        check_move(TaskStatus.DONE, TaskStatus.CANCELLED)
    assert refused.value.code == "task_is_done"


def test_what_is_offered_and_meant_where_nothing_is_said() -> None:
    assert OFFERED_DAYS == (1, 3, 7, 14, 30)
    assert (DEFAULT_DAYS, END_OF_DAY) == (3, "17:00")
    assert [int(each) for each in TaskPriority] == [0, 1, 2]
    assert TaskPriority.ROUTINE < TaskPriority.SOON < TaskPriority.URGENT


def test_a_title_is_one_line_of_three_hundred_letters() -> None:
    assert clean_title("  Call \n about\tlabs ") == "Call about labs"
    assert clean_title("x" * 300) == "x" * MAX_TITLE
    for text, code in (("x" * 301, "too_long"), (" \n", "required")):
        with pytest.raises(Invalid) as refused:
            clean_title(text)
        assert [(each.path, each.code) for each in refused.value.fields] == [("title", code)]


def test_a_text_is_two_thousand_letters_and_its_field_is_named() -> None:
    assert clean_text("outcome", " a\nb ") == "a\nb"
    assert clean_text("outcome", "x" * 2000) == "x" * MAX_TEXT
    with pytest.raises(Invalid) as refused:
        clean_text("outcome", "x" * 2001)
    assert [(each.path, each.code) for each in refused.value.fields] == [("outcome", "too_long")]
