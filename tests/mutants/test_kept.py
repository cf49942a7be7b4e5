"""What a run of mutants keeps for the next one."""

from pathlib import Path

from tests.mutants.kept import TOO_LONG, Results

MODULE = "visits/visit_types/domain.py"


def test_what_took_too_long_is_asked_again_and_what_a_test_said_is_not(tmp_path: Path) -> None:
    file = tmp_path / "mutants.jsonl"
    known = Results(file)
    for name, killed_by in (("killed", "test_it"), ("slow", TOO_LONG), ("lives", "")):
        known.keep(name, MODULE, killed_by)
    assert all(known.find(name, MODULE) for name in ("killed", "slow", "lives"))
    later = Results(file)
    found = {name: later.find(name, MODULE) for name in ("killed", "slow", "lives")}
    assert {name: each and each.killed_by for name, each in found.items()} == {
        "killed": "test_it",
        "slow": None,
        "lives": "",
    }
