"""What the guides say is there: the files that the walks name, and the tables that the diagram shows."""

import re
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from scripts import diagram, files

ROOT = Path(__file__).parents[2]
WALKS = (ROOT / "docs" / "walks.md").read_text()
TITLES = re.findall(r"^## (.+)$", WALKS, re.MULTILINE)
# A path in backticks, whose parts in capitals (NAME) the reader chooses.
NAMED = sorted({name for name in re.findall(r"`([\w./*-]+/[\w./*-]*)`", WALKS) if "NAME" not in name})


def test_there_is_a_walk_for_what_people_add() -> None:
    assert TITLES == ["A resource type", "A route", "An event", "A rule", "A slice", "A language"]


@pytest.mark.parametrize("name", NAMED)
def test_the_walks_name_what_is_there(name: str) -> None:
    assert any(ROOT.glob(name)), f"docs/walks.md names {name}, which is not there"


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("docs/walks.md", re.findall(r"`((?:core|identity|visits|chart|app|intake)(?:\.\w+)+)`", WALKS)),
        (
            "docs/glossary.md",
            re.findall(r"`((?:core|identity|visits|chart|app|intake|messaging|followup)(?:\.\w+)+)`",
                       (ROOT / "docs" / "glossary.md").read_text()),
        ),
    ],
    ids=["walks", "glossary"],
)  # fmt: skip
def test_the_guides_name_modules_that_are_there(file: str, names: list[str]) -> None:
    """A dotted name is a module, or something that a module defines."""
    for name in names:
        *parents, last = name.split(".")
        folder = ROOT.joinpath("platform", *parents)
        module = folder.with_suffix(".py")
        is_module = (folder / f"{last}.py").exists() or (folder / last / "__init__.py").exists()
        assert is_module or (module.exists() and re.search(rf"\b{last}\b", module.read_text())), (
            f"{file}: {name}"
        )


def test_the_list_of_files_is_of_this_checkout() -> None:
    assert files.PAGE.read_text() == files.page(), "run `make files` and commit docs/files.md"


@pytest.mark.whole
async def test_the_diagram_is_of_the_migrated_database(owner: AsyncEngine) -> None:
    async with owner.connect() as connection:
        made = await connection.run_sync(diagram.page)
    assert diagram.PAGE.read_text() == made, "run `make diagram` and commit docs/database.md"
