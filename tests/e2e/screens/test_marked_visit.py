"""Every screen, over a visit whose every field holds a script and a canary: nothing runs (case 42), and nothing of
it is found where health data must not be (case 49).
"""

import csv
import io
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, expect
from pypdf import PdfReader

from tests.e2e.by_api import Person, everything_told
from tests.e2e.people import SLUG, Clinic
from tests.e2e.screens.leaks import Valkey, hits, of_the_system, stored
from tests.e2e.screens.marked import CANARY, SCRIPTS, Marked, clean_up, make_marked_visit
from tests.e2e.screens.screens import settled
from tests.e2e.screens.trap import Trap, trapped_page

# The screens on which each of them meets what was written.
PATIENT = (
    "/c/{slug}", "/home", "/visits/{visit}", "/record", "/messages", "/messages/{thread}", "/profile",
)  # fmt: skip
CLINICIAN = (
    "/queue", "/encounter/{open_visit}", "/encounter/{visit}", "/patients", "/patients/{patient}", "/inbox/{thread}",
)  # fmt: skip
COORDINATOR = ("/followup", "/followup/{task}", "/inbox", "/inbox/{thread}", "/patients/{patient}")
ADMIN = ("/admin/people", "/admin/clinic", "/admin/audit")


@dataclass
class Tour:
    """One browser after its person has opened all their screens."""

    person: Person
    page: Page
    trap: Trap
    # Screens on which none of it was found: then they would prove nothing.
    silent: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
async def overheard(clinic: Clinic) -> AsyncIterator[Valkey]:
    async with Valkey.overheard(clinic) as overheard:
        yield overheard


@pytest.fixture(scope="module")
async def marked(clinic: Clinic, overheard: Valkey) -> AsyncIterator[Marked]:
    made = await make_marked_visit(clinic)
    yield made
    for person in made.people:
        await person.close()


@pytest.fixture(scope="module")
async def tours(marked: Marked, browser: Browser) -> AsyncIterator[list[Tour]]:
    """Everybody has seen everything."""
    async with AsyncExitStack() as stack:
        made = []
        for person, paths, phone in (
            (marked.patient, PATIENT, True),
            (marked.clinician, CLINICIAN, False),
            (marked.coordinator, COORDINATOR, False),
            (marked.admin, ADMIN, False),
        ):
            page, trap = await trapped_page(browser, phone=phone)
            stack.push_async_callback(page.context.close)
            await person.lend_cookie(page.context)
            silent = [path for path in paths if not await _shows(page, marked, path)]
            made.append(Tour(person, page, trap, silent))
        await clean_up(marked)
        yield made


async def _shows(page: Page, marked: Marked, path: str) -> bool:
    """Open a screen and all of its tabs; whether what was written is really on it."""
    await page.goto(marked.clinic.base + path.format(**marked.ids, slug=SLUG))
    await expect(page.get_by_role("heading", level=1).first).to_be_visible()
    await settled(page)
    seen = await _words(page)
    for tab in await page.get_by_role("tab").all():
        if await tab.is_visible() and await tab.is_enabled():
            await tab.click()
            await settled(page)
            seen += await _words(page)
    links = await page.locator("a[href^='javascript:' i]").count()
    assert links == 0, f"{path} made a link of a script"
    return any(script[:12] in seen for script in SCRIPTS)


async def _words(page: Page) -> str:
    words: str = await page.evaluate(
        """() => [document.body.innerText, ...[...document.querySelectorAll('input, textarea')]
            .map((field) => field.value)].join('\\n')"""
    )
    return words


async def test_the_trap_would_notice(clinic: Clinic, browser: Browser) -> None:
    """Put into the page as HTML, the same scripts are refused by its policy, and reported; a dialog is heard."""
    page, trap = await trapped_page(browser)
    await page.goto(f"{clinic.base}/c/{SLUG}")
    await page.evaluate("html => { document.body.innerHTML = html; }", SCRIPTS[0])
    await page.wait_for_function("() => document.body.dataset.reported")
    assert trap.ran
    await page.context.close()


async def test_no_screen_runs_what_was_written(tours: list[Tour]) -> None:
    for tour in tours:
        assert tour.trap.ran == []
        assert tour.silent == []


async def test_the_pages_policy_lets_no_script_in_but_our_files(clinic: Clinic) -> None:
    async with clinic.client() as client:
        page = await client.get(f"/c/{SLUG}")
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert not [name for name, value in policy.items() if "*" in value or "unsafe-eval" in value]
    assert [name for name, value in policy.items() if "unsafe-inline" in value] == ["style-src-attr"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_summary_as_pdf_is_text_and_nothing_else(marked: Marked) -> None:
    """What was written stands in it as it was written; nothing opens, runs or links."""
    answer = await marked.patient.attempt("GET", f"/api/visits/{marked.ids['visit']}/summary.pdf")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    document = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in document.pages)
    assert CANARY in text
    for name in (b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/EmbeddedFile", b"/URI"):
        assert name + b" " not in answer.content and name + b"(" not in answer.content, name


async def test_the_audit_as_csv_starts_no_formula(marked: Marked) -> None:
    answer = await marked.admin.attempt("POST", "/api/admin/audit/export", {})
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert any(CANARY in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


async def test_what_is_looked_for_is_found(tours: list[Tour], marked: Marked) -> None:
    """By name, in every field that looks for somebody: the words go along, and must not go in an address."""
    clinician, admin = tours[1].page, tours[3].page
    await clinician.goto(f"{marked.clinic.base}/patients")
    await clinician.get_by_role("searchbox").fill(CANARY)
    await expect(clinician.get_by_role("link").filter(has_text=CANARY).first).to_be_visible()
    await admin.goto(f"{marked.clinic.base}/admin/audit")
    await admin.get_by_label("Patient", exact=True).fill(CANARY)
    await admin.get_by_role("button", name="Search").click()
    await expect(admin.get_by_text(CANARY).first).to_be_visible()
    async with admin.expect_download() as waiting:
        await admin.get_by_role("button", name="Download CSV").click()
    assert CANARY in (await (await waiting.value).path()).read_text()


async def test_what_is_kept_while_writing_cannot_be_read(tours: list[Tour], marked: Marked) -> None:
    patient, clinician = tours[0].page, tours[1].page
    await patient.goto(f"{marked.clinic.base}/messages/{marked.ids['thread']}")
    await patient.get_by_label("Write to your care team").fill(f"not sent {CANARY}")
    await clinician.goto(f"{marked.clinic.base}/encounter/{marked.ids['open_visit']}")
    plan = clinician.get_by_role("textbox", name="Plan", exact=True)
    await expect(plan).to_be_visible()
    await clinician.context.set_offline(True)
    await plan.fill(f"not saved {CANARY}")
    for page in (patient, clinician):
        await page.wait_for_function("() => Object.keys(localStorage).some((key) => key.includes('draft'))")
        assert hits(await stored(page), [CANARY]) == []
    await clinician.context.set_offline(False)


async def test_after_signing_out_the_browser_knows_nothing(tours: list[Tour]) -> None:
    for tour in tours:
        page, secrets = tour.page, [CANARY, *tour.person.secrets]
        await page.get_by_role("button", name=re.compile("account", re.I)).first.click()
        await page.get_by_role("menuitem", name="Sign out", exact=True).click()
        if tour is tours[0]:
            # The message that was written and not sent: nobody signs out without being told of it.
            await page.get_by_role("button", name="Discard it and sign out").click()
        await expect(page).to_have_url(re.compile("/c/"))
        assert hits(await stored(page), secrets) == []
        assert "draft" not in await stored(page)
        assert (await tour.person.attempt("GET", "/api/session")).status_code == 401
        await page.go_back()
        await expect(page).to_have_url(re.compile("/c/"))
        assert CANARY not in await page.content()


async def test_nothing_was_told_where_it_must_not_be(
    tours: list[Tour], marked: Marked, overheard: Valkey
) -> None:
    """Addresses, Referer, caches, logs, Valkey, events, notices."""
    tokens = [secret for person in marked.people for secret in person.secrets]
    for tour in tours:
        assert tour.trap.kept == []
        assert hits("\n".join(tour.trap.told), [CANARY, *tokens]) == []
    found = await of_the_system(marked.clinic)
    found["valkey"] = overheard.told.decode(errors="replace")
    found["notices"] = await everything_told(marked.clinic)
    for name, text in found.items():
        assert text, f"{name} is empty: then this proves nothing"
        assert hits(text, [CANARY, *tokens]) == [], name
