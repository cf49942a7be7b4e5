"""Reading a long text, whatever stands in it, is not much work: one patient must not keep the others waiting.

Work is counted in calls, which are the same on every machine.
"""

import random
import string
from collections.abc import Callable
from cProfile import Profile

import pytest

from intake import catalog
from intake.words.mentions import mentioned

LONGEST = 5000
"""What one answer may hold (`intake.draft.Long`)."""
MAX_CALLS = 3_000_000
"""A few tenths of a second."""


def unknown_words() -> str:
    draw = random.Random(4)  # noqa: S311  always the same words
    words = ("".join(draw.choices(string.ascii_lowercase, k=draw.randint(4, 9))) for _ in range(LONGEST))
    return " ".join(words)


def near_misses() -> str:
    """Words that are nearly dangerous ones."""
    draw = random.Random(5)  # noqa: S311  always the same words
    known = [word for each in sorted(catalog.lexicon().concept("pain")) for word in each if len(word) > 3]
    return " ".join(draw.choice(known)[:-1] + draw.choice("xkw") for _ in range(LONGEST))


TEXTS: dict[str, Callable[[], str]] = {
    "fillers": lambda: "a " * LONGEST,
    "fillers within a phrase": lambda: "shortness " + "of the " * LONGEST,
    "denied": lambda: "no chest pain " * LONGEST,
    "listed": lambda: "pain or " * LONGEST,
    "idioms": lambda: "chest cold blood pressure " * LONGEST,
    "kill me": lambda: "no kill me " * LONGEST,
    "one word": lambda: "x" * LONGEST,
    # Each part is a known word, and so are two of them together: there are millions of ways to take these apart.
    "words without spaces": lambda: "como" * 24 + "zzq",
    "more words without spaces": lambda: "password" * 40 + "zzq",
    "a whole answer without spaces": lambda: "password" * LONGEST,
    "many words without spaces": lambda: " ".join("como" * 20 + "z" * (i % 9) + "q" for i in range(LONGEST)),
    "no words": lambda: "\u2019.-" * LONGEST,
    "unknown": unknown_words,
    "nearly known": near_misses,
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_much_work(name: str) -> None:
    assert calls_of(TEXTS[name]()[:LONGEST]) < MAX_CALLS


def calls_of(text: str) -> int:
    lexicon, profile = catalog.lexicon(), Profile()
    profile.runcall(mentioned, lexicon, [text], ())
    return sum(each.callcount for each in profile.getstats())
