"""A short drill: a handful of what `make drill` does 200 times."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drill.drill import drill
from tests.drill.kinds import KINDS

pytestmark = pytest.mark.whole

SEED = 20261128


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """For everything that runs; short, because socket paths have to be."""
    with tempfile.TemporaryDirectory(prefix="ct-drill-") as name:
        Path(name).chmod(0o755)
        monkeypatch.setenv("SSL_CERT_FILE", str(Path(name) / "clinic.pem"))
        yield Path(name)


async def test_whatever_is_killed_nothing_acknowledged_is_lost_and_no_visit_ends(folder: Path) -> None:
    report = await drill(folder, SEED, len(KINDS), 2, print)
    assert report.acknowledged > 0
    assert (report.lost, report.ended) == ([], [])
    assert report.kept_its_promises(), list(report.lines())
