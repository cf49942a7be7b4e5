"""What `make bench` says of a figure, and of a name that is none."""

import pytest

from tests.bench import figures
from tests.bench.__main__ import FIGURES, main


def test_a_promise_is_kept_up_to_its_limit() -> None:
    assert figures.rate("rps", 50, 100, 0.5).met and not figures.rate("rps", 49, 100, 0.5).met
    assert figures.multiple("join", 200, 100, 2).met and not figures.multiple("join", 201, 100, 2).met
    assert figures.latency("save", 49.9, 50, 10).met and not figures.latency("save", 50, 50, 10).met
    assert figures.kept("memory", 104.9, 105, 100).met and not figures.kept("memory", 105, 105, 100).met
    assert figures.duration("start", 14.9, 15, 1).met and not figures.duration("start", 15, 15, 1).met


def test_the_95th_percentile_is_a_sample_that_was_taken() -> None:
    assert figures.p95([float(number) for number in range(1, 101)]) == 95
    assert figures.p95([3.0, 1.0, 2.0]) == 3
    assert figures.p95([7.0]) == 7


def test_an_unknown_name_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["note_save"]) == 2
    said = capsys.readouterr().err
    assert "No figure is called note_save" in said
    assert all(name in said for name in FIGURES)
