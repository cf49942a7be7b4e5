"""Every module that `make mutants` is for has tests to its name."""

from pathlib import Path

from tests.mutants.sees import SEEN_BY, modules


def test_every_module_says_which_tests_see_it() -> None:
    assert set(SEEN_BY) == set(modules())


def test_the_tests_are_there() -> None:
    assert [each for tests in SEEN_BY.values() for each in tests if not Path(each).exists()] == []
