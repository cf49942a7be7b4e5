"""What is broken, and what is not."""

from pathlib import Path

import pytest

from tests.mutants.kept import reasons
from tests.mutants.mutations import mutants_of

MODULE = '''"""Says who may."""
import logging
from collections.abc import Callable

Check = Callable[[str], int]

log = logging.getLogger("x")
MAY = frozenset({"read", "write"})
FIND = "SELECT 1 FROM thing WHERE id = :id AND clinic_id = :clinic"


def check(age: int, *, known: bool = False) -> str:
    """At eighteen."""
    log.info("asked")
    if age < 18 and not known:
        raise ValueError
    return "yes"
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    file = tmp_path / "domain.py"
    file.write_text(MODULE)
    return file


def test_it_breaks_what_decides(module: Path) -> None:
    changes = {each.name.removeprefix("domain.py ") for each in mutants_of(module, "domain.py")}
    assert {
        "module: 'write' -> nothing",
        "check: age < 18 -> age <= 18",
        "check: age < 18 and (not known) -> age < 18",
        "check: raise ValueError -> pass",
        "check: False -> True",
        "check: 18 -> 19",
        "check: 'yes' -> 'yes~'",
    } <= changes


def test_a_statement_forgets_its_condition(module: Path) -> None:
    sources = [
        compile(each.tree(), "domain.py", "exec").co_consts for each in mutants_of(module, "domain.py")
    ]
    assert any("SELECT 1 FROM thing WHERE id = :id" in constants for constants in sources)


def test_documentation_logs_and_types_stay(module: Path) -> None:
    silent = ("asked", "Says", "[str]", "str ->")
    names = [each.name for each in mutants_of(module, "domain.py")]
    assert [name for name in names if any(each in name for each in silent)] == []


def test_each_has_a_name_of_its_own_that_other_lines_do_not_move(module: Path) -> None:
    names = [each.name for each in mutants_of(module, "domain.py")]
    assert len(set(names)) == len(names)
    module.write_text("\n\n" + MODULE)
    assert [each.name for each in mutants_of(module, "domain.py")] == names


def test_reasons_are_read_beneath_the_name() -> None:
    text = "# of these nobody hears\na.py f: 1 -> 2\n    It is a\n    bound.\n\na.py g: 3 -> 4\n"
    assert reasons(text) == {"a.py f: 1 -> 2": "It is a bound.", "a.py g: 3 -> 4": ""}
