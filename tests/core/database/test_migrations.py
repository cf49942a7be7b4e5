"""The chain of migrations is what its file names say."""

from alembic.script import ScriptDirectory

from core.migrations import FOLDER, head


def test_the_newest_file_is_the_one_head_of_the_chain() -> None:
    script = ScriptDirectory(str(FOLDER))

    assert script.get_heads() == [head()]
    assert all(each.path.endswith(f"{each.revision}.py") for each in script.walk_revisions())


def test_every_migration_gives_up_waiting_for_a_lock() -> None:
    for file in (FOLDER / "versions").glob("[0-9]*.py"):
        source = file.read_text()
        assert "SET LOCAL lock_timeout = '5s'" in source or "import fill\n" in source, file.name
