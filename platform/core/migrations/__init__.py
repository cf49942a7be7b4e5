"""The tables, one revision a file. A file's name is its revision, and their order is the order of names."""

from pathlib import Path

FOLDER = Path(__file__).parent


def revisions() -> set[str]:
    """The revisions that this version knows, without loading what runs them."""
    return {file.stem for file in (FOLDER / "versions").glob("[0-9]*.py")}


def head() -> str:
    """The newest revision that this version knows."""
    return max(revisions())


def is_behind(revision: str) -> bool:
    """Whether a database at this revision lacks some of ours; one that we do not know is a newer version's."""
    known = revisions()
    return not revision or (revision in known and revision != max(known))
