"""What is kept between runs: what became of each mutant, and why some may live."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from tests.mutants.sees import SEEN_BY, SOURCE

RESULTS = Path("build/mutants.jsonl")
TOO_LONG = "takes too long"
"""In the place of the test that kills. On a busy machine so may what nothing notices: the next run asks anew."""
REASONS = Path(__file__).parent / "reasons.txt"


class Result(msgspec.Struct, frozen=True):
    """What became of a mutant. `of` is a digest of what that depends on: for a survivor, its tests too."""

    name: str
    of: str
    killed_by: str


class Results:
    """A line for each mutant that was tried, written as it is known, so that a run goes on where another ended."""

    def __init__(self, file: Path = RESULTS) -> None:
        self._file = file
        file.parent.mkdir(exist_ok=True)
        lines = file.read_bytes().splitlines() if file.exists() else []
        read = [msgspec.json.decode(line, type=Result) for line in lines]
        self._of = {each.name: each for each in read}

    def find(self, name: str, module: str) -> Result | None:
        found = self._of.get(name)
        if found is None or found.of != _digest(module, survived=not found.killed_by):
            return None
        return found

    def keep(self, name: str, module: str, killed_by: str) -> Result:
        result = Result(name, _digest(module, survived=not killed_by), killed_by)
        self._of[name] = result
        if killed_by != TOO_LONG:
            with self._file.open("ab") as out:
                out.write(msgspec.json.encode(result) + b"\n")
        return result


def _digest(module: str, *, survived: bool) -> str:
    files = [SOURCE / module]
    if survived:
        files += [file for each in SEEN_BY[module] for file in _files(Path(each))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _files(path: Path) -> Iterable[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def reasons(text: str) -> dict[str, str]:
    """The survivors that may live, each with why: a mutant's name, and beneath it, indented, the reason."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith((" ", "\t")) and name:
            found[name] = f"{found[name]} {line.strip()}".strip()
        elif line.strip() and not line.startswith("#"):
            name = line.strip()
            found[name] = ""
    return found


def without_reason(survivors: Sequence[str], why: dict[str, str]) -> list[str]:
    return [name for name in survivors if not why.get(name)]
