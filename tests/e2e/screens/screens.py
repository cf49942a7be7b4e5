"""What must hold of every screen, whatever it shows.

`open_watched` (or `watch` on a page of one's own) listens from the start; `check_screen` judges what is on
the screen now and what went wrong on the way to it. A screen passes when

- the console has no error (a missing text is one: the web says so there), nothing was thrown, and no
  request failed or was refused, except those that a test says it provokes (`allowing`);
- axe finds nothing serious;
- the page is not wider than its window;
- it has one main heading, and its title is not empty;
- no text on it is a message key or a value that should have been words (`undefined`, `NaN`, `[object`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, expect

from tests.e2e.people import new_page

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
# What a browser says of a request that it gave up because one went on to another page.
ABANDONED = ("net::ERR_ABORTED", "net::ERR_NETWORK_CHANGED")


@dataclass
class Trouble:
    """What went wrong on a page since it was last asked."""

    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        if not any(pattern in what for pattern in self.allowed):
            self.seen.append(what)


_watched: WeakKeyDictionary[Page, Trouble] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Listen for errors, from now on. Do it before the first page is opened."""
    trouble = Trouble()
    _watched[page] = trouble

    def on_console(line: ConsoleMessage) -> None:
        # A refused request is noted below; Chromium's own line about it does not say which it was.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            trouble.note(f"console: {line.text}")

    def on_response(answer: Response) -> None:
        if answer.status >= 400:
            trouble.note(f"{answer.status} {answer.request.method} {answer.url}")

    def on_failure(request: Request) -> None:
        if request.failure not in ABANDONED:
            trouble.note(f"{request.failure} {request.method} {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: trouble.note(f"thrown: {error}"))
    page.on("response", on_response)
    page.on("requestfailed", on_failure)
    return page


async def open_watched(browser: Browser, *, phone: bool = False, language: str = "en-US") -> Page:
    """A page in a browser of its own, watched from the start."""
    return watch(await new_page(browser, phone=phone, language=language))


@contextmanager
def allowing(page: Page, *parts: str) -> Iterator[None]:
    """Inside, what contains one of these parts is no trouble: `with allowing(page, "422 POST"): ...`."""
    trouble = _watched[page]
    trouble.allowed = [*trouble.allowed, *parts]
    try:
        yield
    finally:
        trouble.allowed = [each for each in trouble.allowed if each not in parts]


async def check_screen(page: Page) -> None:
    """The screen as it stands is fit to be shown: see the module's docstring."""
    await settled(page)
    trouble = _watched[page]
    found, trouble.seen = trouble.seen, []
    found += await _too_wide(page)
    found += await _unfinished_words(page)
    if not (await page.title()).strip():
        found.append("no title")
    found += await _in_the_way(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


async def settled(page: Page) -> None:
    """Wait until what was being loaded is there, and nothing fades or slides any more."""
    await page.wait_for_load_state("load")
    await expect(page.locator("h1:visible")).to_have_count(1)
    await expect(page.locator("[class*='mantine-Skeleton-root']:visible")).to_have_count(0)
    await page.wait_for_function(
        "() => document.getAnimations().every((each) => each.playState !== 'running'"
        " || each.effect.getComputedTiming().endTime === Infinity)"
    )


# The narrowest phones in use, and 1280 px with letters twice as large.
WIDTHS = (320, 360, 390, 640)


async def _too_wide(page: Page) -> list[str]:
    """Where the page scrolls sideways, or cuts words: in its own window, and in those of phones.

    A phone's browser zooms out of a page that is too wide and calls that its window's width, so what counts is
    the width that was asked for.
    """
    own = page.viewport_size
    assert own
    found: list[str] = []
    for width in dict.fromkeys((own["width"], *WIDTHS)):
        await page.set_viewport_size({"width": width, "height": own["height"]})
        found += [f"at {width} px: {what}" for what in await page.evaluate(_WIDER, width)]
    await page.set_viewport_size(own)
    return found


# What makes the page wider than its window, and words that are cut inside a box of their own.
_WIDER = """async width => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const extra = document.documentElement.scrollWidth - width;
    const found = extra > 0 ? [`the page is ${extra} px wider than its window`] : [];
    const named = ({ tagName, className, textContent }) =>
        `<${tagName.toLowerCase()} class="${className}"> ${textContent.trim().slice(0, 60)}`;
    for (const each of document.querySelectorAll('button, a, label, h1, h2, h3, legend, p, li, dd, dt, td, th, span')) {
        if (!each.checkVisibility() || !each.textContent.trim() || each.clientWidth <= 1) continue;
        if (extra > 0 && !each.children.length && each.getBoundingClientRect().right > width + 1) {
            found.push(`reaches beyond: ${named(each)}`);
        }
        const { overflowX, textOverflow } = getComputedStyle(each);
        const clips = overflowX === 'hidden' && textOverflow !== 'ellipsis';
        if (clips && each.scrollWidth > each.clientWidth + 1) found.push(`cut: ${named(each)}`);
    }
    const pen = document.createElement('canvas').getContext('2d');
    for (const each of document.querySelectorAll('select, input[readonly]')) {
        if (!each.checkVisibility() || each.clientWidth <= 1) continue;
        const { font, paddingLeft, paddingRight } = getComputedStyle(each);
        pen.font = font;
        const words = each.selectedOptions?.[0]?.text ?? each.value;
        const room = each.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        if (pen.measureText(words).width > room + 1) found.push(`cut: the choice '${words}'`);
    }
    for (const here of document.querySelectorAll('nav [aria-current="page"]')) {
        const [{ left, right }, own] = [here.closest('nav').getBoundingClientRect(), here.getBoundingClientRect()];
        if (own.left < left - 1 || own.right > right + 1) found.push(`cut: the place that is open, ${named(here)}`);
    }
    return found;
}"""


# A message key that nobody translated, or a value that is not a word.
RAW = re.compile(
    r"\b(?:undefined|NaN|null)\b|\[object|\{\w+\}|Invalid Date"
    r"|\b(?:common|errors|admin|chart|followup|home|identity|intake|messaging|profile|visits|shell|staffSignIn)"
    r"\.[a-z]\w+(?:\.\w+)*"
)


async def _unfinished_words(page: Page) -> list[str]:
    words: str = await page.evaluate(
        """() => [document.body.innerText, document.title, ...[...document.querySelectorAll('*')].flatMap(
            (each) => ['aria-label', 'title', 'placeholder', 'alt'].map((name) => each.getAttribute(name) ?? '')
        )].join('\\n')"""
    )
    return [f"unfinished words: {match[0]}" for match in RAW.finditer(words)]


async def _in_the_way(page: Page) -> list[str]:
    """What axe calls serious or critical. Run by the test's own hand, past the page's policy for scripts."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(
        """async () => (await axe.run()).violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
                `axe ${id}: ${html.slice(0, 300)} ${failureSummary}`))"""
    )
    return found
