"""A short drill: a handful of what `make drill` does 200 times."""

import tempfile
from pathlib import Path

import pytest

from tests.drill.drill import drill
from tests.drill.kinds import KINDS

pytestmark = pytest.mark.whole

SEED = 20261128


async def test_whatever_is_killed_nothing_acknowledged_is_lost_and_no_visit_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory(prefix="ct-drill-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        monkeypatch.setenv("SSL_CERT_FILE", str(folder / "clinic.pem"))
        report = await drill(folder, SEED, len(KINDS), 2, print)
    assert report.acknowledged > 0
    assert (report.lost, report.ended) == ([], [])
    assert report.kept_its_promises(), list(report.lines())
