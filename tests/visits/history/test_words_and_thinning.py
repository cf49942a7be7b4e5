"""The pure rules of the connection history: what is said of a browser, and that thinning hides no trouble."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.history import domain
from visits.history.domain import badness, browser_class, thinned

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.7339.52 Mobile Safari/537.36",
            "Chrome 140 on Android",
        ),
        (f"{MAC} Version/18.6 Safari/605.1.15", "Safari 18 on Mac"),
        (f"{MAC} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Edge 139 on Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140 on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) CriOS/140.0 Safari/604.1",
            "Chrome 140 on iPhone",
        ),
        (f"{MAC} Chrome/138.0.0.0 Safari/537.36 OPR/122.0.0.0", "Opera 122 on Mac"),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911U) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 28 on Android",
        ),
        ("Something (Linux) of somebody called Ana", "Linux"),
        ("curl/8.1", None),
        ("", None),
    ],
)
def test_of_a_browser_only_its_class_is_kept(user_agent: str, said: str | None) -> None:
    assert browser_class(user_agent) == said


@given(st.text(max_size=300))
def test_no_user_agent_makes_a_class_that_is_longer_than_its_column(user_agent: str) -> None:
    for name in ("Edg", "SamsungBrowser", "Chrome"):
        said = browser_class(f"{user_agent} {name}/{user_agent} Windows")
        assert said is None or len(said) <= 60


@given(st.lists(st.floats(0, 1)), st.integers(1, 50))
def test_thinning_keeps_the_worst_the_order_and_the_limit(losses: list[float], most: int) -> None:
    points = list(enumerate(losses))
    kept = thinned(points, most, lambda point: point[1])
    assert len(kept) <= most
    assert kept == sorted(kept)
    assert set(kept) <= set(points)
    assert max((loss for _, loss in kept), default=None) == max(losses, default=None)


def test_few_points_are_all_kept() -> None:
    assert thinned([3, 1, 2], 3, float) == [3, 1, 2]
    assert thinned([], 3, float) == []


def test_loss_is_worse_than_delay_and_delay_than_nothing() -> None:
    assert badness(0.2, 10, 25) > badness(0.0, 600, 25) > badness(0.0, 20, 1) > badness(None, None, None) == 0


def test_a_picture_that_stutters_is_worse_than_one_that_does_not() -> None:
    assert badness(None, None, 4) > badness(None, None, 5) == badness(None, None, 30) == 0
    assert badness(None, 5000, None) == badness(1.0, None, None)


def test_what_is_promised_of_time_and_amount() -> None:
    assert timedelta(days=90) == domain.KEEP
    assert domain.MAX_DAYS == 90
    assert (domain.MAX_SAMPLES, domain.MAX_DROPS) == (60, 20)
    assert (domain.SHOWN, domain.MAX_ROWS, domain.WORST) == (240, 20_000, 20)
    assert timedelta(seconds=2) == domain.TICK
