"""Every write that a member of staff believes done, with the API killed before it and the page left after it.

What there is to do comes from the web's own list of kinds: one that is not tried here, or elsewhere by name, fails.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.conftest import ROOT
from tests.e2e.people import Clinic
from tests.e2e.screens.leaks import hits, stored
from tests.e2e.unsent import arrive, fetched, opened, without_api
from tests.patience import PATIENCE

CLINICIAN = "amara.okafor@harbor.example"
WORDS = "Told by her neighbor"
WAITS = "Not done yet. It is kept on this device and sent automatically as soon as there is a connection."
ELSEWHERE = {
    "message": "tests/e2e/patient/test_outbox.py",
    "thread": "tests/e2e/patient/test_outbox.py",
    "red_flag": "tests/e2e/patient/test_red_flags.py",
}


@dataclass
class Desk:
    """A clinician at work on a patient with a task, an entry of each kind and a signed note."""

    clinic: Clinic
    clinician: Person
    patient: str
    visit: str
    note: str

    @property
    def chart(self) -> str:
        return f"/api/patients/{self.patient}"

    async def task(self) -> str:
        due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        made = {"patient_id": self.patient, "kind": "call", "title": f"Call {uuid4()}", "due_at": due}
        return str((await self.clinician.post("/api/tasks", made))["task"]["id"])

    async def done_with(self, task: str) -> list[str]:
        return [each["what"] for each in (await self.clinician.get(f"/api/tasks/{task}"))["history"]]

    async def entries(self, part: str) -> list[str]:
        """The names in a part of the chart; of what was measured, the codes."""
        if part == "vitals":
            pulses = await self.clinician.get(f"{self.chart}/measurements/8867-4")
            return ["8867-4" for _ in pulses["items"]]
        if part.islower():
            summary = await self.clinician.get(f"{self.chart}/summary")
            return [str(each["display"]) for each in summary[part]]
        sections = await self.clinician.get(f"{self.chart}/sections")
        (items,) = [each["items"] for each in sections if each["type"] == part]
        return [str(each["title"]["en"]) for each in items]

    async def goal(self, name: str) -> str:
        body = {"values": {"goal": name}}
        return str((await self.clinician.post(f"{self.chart}/sections/Goal", body))["id"])

    async def versions(self, record: str) -> int:
        return len(await self.clinician.get(f"{self.chart}/records/{record}/history"))


@dataclass
class Write:
    """Where it is done, how, and how often it has been done by then."""

    path: str
    do: Callable[[Page], Awaitable[None]]
    count: Callable[[], Awaitable[int]]
    before: int = 0
    """How often, as `count` counts, before it is done."""
    prepare: Callable[[Page], Awaitable[None]] | None = None


Make = Callable[[Desk], Awaitable[Write]]


def _on_task(action: str, do: Callable[[Page], Awaitable[None]], *, closed: bool = False) -> Make:
    async def make(desk: Desk) -> Write:
        task = await desk.task()
        if closed:
            await desk.clinician.post(f"/api/tasks/{task}/complete", {"outcome": "", "version": 1})

        async def count() -> int:
            return (await desk.done_with(task)).count(action)

        return Write(f"/followup/{task}", do, count)

    return make


def _button(name: str) -> Callable[[Page], Awaitable[None]]:
    return lambda page: page.get_by_role("button", name=re.compile(name)).first.click()


async def _complete(page: Page) -> None:
    await page.get_by_role("button", name="Complete", exact=True).click()
    form = page.get_by_role("form")
    await form.get_by_label("Outcome").fill(WORDS)
    await form.get_by_role("button", name="Complete").click()


async def _cancel(page: Page) -> None:
    await page.get_by_role("button", name="No longer needed").click()
    form = page.get_by_role("form")
    await form.get_by_label("Why it is no longer needed").fill(WORDS)
    await form.get_by_role("button", name="No longer needed").click()


async def _outreach(page: Page) -> None:
    await page.get_by_role("button", name="Log an attempt").click()
    form = page.get_by_role("form")
    await form.get_by_role("combobox", name="Outcome").click()
    await page.get_by_role("option", name="No answer").click()
    await form.get_by_label("Note").fill(WORDS)
    await form.get_by_role("button", name="Save").click()


async def _new_task(desk: Desk) -> Write:
    async def do(page: Page) -> None:
        await page.get_by_label("What is to be done").fill(WORDS)
        await page.get_by_role("button", name="Add the task").click()

    async def count() -> int:
        tasks = await desk.clinician.get(f"/api/tasks?patient_id={desk.patient}")
        return [each["title"] for each in tasks["tasks"]].count(WORDS)

    return Write(f"/patients/{desk.patient}/task", do, count)


def _part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def _added(part: str, title: str, button: str, name: str, *fields: tuple[str, str]) -> Make:
    """The form of a part, filled in and sent."""

    async def make(desk: Desk) -> Write:
        async def do(page: Page) -> None:
            region = _part(page, title)
            await region.get_by_role("button", name=button).click()
            for label, value in fields:
                field = region.get_by_label(label, exact=True)
                if await field.evaluate("each => each.tagName === 'SELECT'"):
                    await field.select_option(value)
                else:
                    await field.fill(value)
            await region.get_by_label(fields[-1][0], exact=True).press("Enter")

        async def count() -> int:
            return (await desk.entries(part)).count(name)

        return Write(f"/patients/{desk.patient}", do, count, before=await count())

    return make


async def _problem(desk: Desk) -> Write:
    """A diagnosis that was found before the outage."""

    async def find(page: Page) -> None:
        await _part(page, "Problems").get_by_role("button", name="Add a problem").click()
        await page.get_by_label("Add a diagnosis").press_sequentially("migraine")
        await expect(page.get_by_role("option").filter(has_text="G43.909")).to_be_visible()

    async def count() -> int:
        summary = await desk.clinician.get(f"{desk.chart}/summary")
        return [each["code"] for each in summary["problems"]].count("G43.909")

    async def pick(page: Page) -> None:
        await page.get_by_role("option").filter(has_text="G43.909").click()

    return Write(f"/patients/{desk.patient}", pick, count, prepare=find)


def _on_goal(do: Callable[[Page, Locator], Awaitable[None]], *, wrong: bool = False) -> Make:
    async def make(desk: Desk) -> Write:
        name = f"Walk {uuid4()}"
        record = await desk.goal(name)
        if wrong:
            await desk.clinician.post(f"{desk.chart}/records/{record}/in-error", {"reason": "Mixed up"})

        async def count() -> int:
            return await desk.versions(record)

        async def on_line(page: Page) -> None:
            await do(page, page.get_by_role("listitem").filter(has_text=name).first)

        return Write(f"/patients/{desk.patient}", on_line, count, before=await count())

    return make


async def _choose(page: Page, line: Locator, item: str) -> None:
    await line.get_by_role("button", name=re.compile("^What to do with")).click()
    await page.get_by_role("menuitem", name=item).click()


async def _change(page: Page, line: Locator) -> None:
    await _choose(page, line, "Change")
    await line.get_by_label("To be reached by").fill("2031")
    await line.get_by_role("button", name="Save").click()


async def _in_error(page: Page, line: Locator) -> None:
    await _choose(page, line, "Entered in error")
    await line.get_by_label("Why it is a mistake").fill(WORDS)
    await line.get_by_role("button", name="Mark as entered in error").click()


async def _right(_page: Page, line: Locator) -> None:
    await line.get_by_role("button", name=re.compile("^It was right")).click()


async def _addendum(desk: Desk) -> Write:
    async def do(page: Page) -> None:
        await page.get_by_label("Add to this note").fill(WORDS)
        await page.get_by_role("button", name="Sign the addendum").click()

    async def count() -> int:
        note = await desk.clinician.get(f"/api/visits/{desk.visit}/note")
        return [each["text"] for each in note["addenda"]].count(WORDS)

    return Write(f"/encounter/{desk.visit}", do, count)


WRITES: dict[str, Make] = {
    "task.complete": _on_task("done", _complete),
    "task.cancel": _on_task("cancelled", _cancel),
    "task.reopen": _on_task("reopen", _button("^Reopen$"), closed=True),
    "task.assign": _on_task("assign", _button("^Assign to me$")),
    "task.putOff": _on_task("put_off", _button("^Move to")),
    "task.outreach": _on_task("outreach", _outreach),
    "new_task": _new_task,
    "chart.add.problems": _problem,
    "chart.add.allergies": _added(
        "allergies", "Allergies", "Add an allergy", "Latex", ("Allergic to", "Latex"), ("Reaction", WORDS)
    ),
    "chart.add.medicines": _added(
        "medicines", "Medicines", "Add a medicine", "Melatonin 3 mg",
        ("Medicine and strength", "Melatonin 3 mg"), ("How it is taken", WORDS),
    ),
    "chart.add.vitals": _added(
        "vitals", "Vital signs", "Add a vital sign", "8867-4",
        ("What was measured", "8867-4"), ("Value", "71"),
    ),
    "chart.add.section": _added("Goal", "Goals", "Add a goal", "Sleep", ("Goal", "Sleep")),
    "chart.change": _on_goal(_change),
    "chart.inError": _on_goal(_in_error),
    "chart.right": _on_goal(_right, wrong=True),
    "addendum": _addendum,
}  # fmt: skip


def declared() -> set[str]:
    """What the web can leave on a device, from where its features declare it."""
    found: set[str] = set()
    for source in [
        *(ROOT / "web/src").glob("features/*/outbox/kinds.ts"),
        ROOT / "web/src/lib/outbox/messages.ts",
    ]:
        text = source.read_text()
        kinds = re.findall(r"declareKind<\w+>\(\{\s*name: '(\w+)'", text)
        lines = re.findall(r"^ {2}\| \{\s+deed: ([^;}]+)", text, re.MULTILINE)
        deeds = {deed for line in lines for deed in re.findall(r"'(\w+)'", line)}
        parts = set(re.findall(r"^ {2}\| \{ part: '(\w+)'", text, re.MULTILINE))
        for kind in kinds:
            of_it = deeds if kind in ("task", "chart") else set()
            found |= {f"{kind}.{deed}" for deed in of_it} or {kind}
        if parts:
            found = found - {"chart.add"} | {f"chart.add.{part}" for part in parts}
    return found


def test_every_kind_of_write_is_tried() -> None:
    assert declared() == set(WRITES) | set(ELSEWHERE)
    for name, path in ELSEWHERE.items():
        assert name in ("message", "thread", "red_flag"), name
        assert (ROOT / path).is_file()


@pytest.fixture(scope="module")
async def desk(clinic: Clinic) -> AsyncIterator[Desk]:
    clinician = await by_api.staff(clinic, CLINICIAN)
    una = await by_api.new_patient(clinic, "+15185550191", "Una", "Reed")
    patient = (await una.get("/api/session"))["patient_id"]
    visit = await by_api.request_visit(una, words="A cough")
    await clinician.post(f"/api/visits/{visit}/admit", {"licence_reason": "She is at home"})
    note = await clinician.post(f"/api/visits/{visit}/note")
    texts: dict[str, object] = {name: "A cold" for name in ("subjective", "objective", "assessment", "plan")}
    content = {**texts, "diagnoses": [], "plan_items": []}
    saved = await clinician.put(f"/api/notes/{note['id']}", {"version": note["version"], "content": content})
    ready = await clinician.post(f"/api/notes/{note['id']}/ready", {"version": saved["version"]})
    await clinician.post(f"/api/visits/{visit}/finish-visit", {"sha256": ready["sha256"]})
    yield Desk(clinic, clinician, patient, visit, note["id"])
    await una.close()
    await clinician.close()


def _mark(page: Page) -> Locator:
    return page.get_by_role("link", name="1 item is not sent yet")


@pytest.mark.parametrize("name", WRITES)
async def test_what_is_done_while_the_api_is_away_is_done_once(
    clinic: Clinic, browser: Browser, desk: Desk, name: str
) -> None:
    """The page says that it waits, is left and closed; another page does it, once, when the API is back."""
    write = await WRITES[name](desk)
    page = await opened(browser, desk.clinician, write.path, phone=False)
    # Fetched while nothing else goes on: by then the page itself is there, with all its parts.
    await fetched(page, "src/app/unsent/UnsentPage.tsx")
    if write.prepare:
        await write.prepare(page)
    async with without_api(clinic):
        await write.do(page)
        await expect(_mark(page)).to_be_visible()
        await _mark(page).click()
        await expect(page.get_by_role("heading", name="Not sent yet", level=1)).to_be_visible()
        await expect(page.get_by_role("main").get_by_text(WAITS)).to_have_count(1)
        assert hits(await stored(page), [WORDS]) == []
        await page.close()
    again = await page.context.new_page()
    await arrive(again, f"{clinic.base}/queue")
    await _until(write, write.before + 1)
    await expect(_mark(again)).to_be_hidden()
    # Nothing is left that a later page could do once more.
    await arrive(again, f"{clinic.base}/unsent")
    await expect(again.get_by_text("Everything has reached the clinic.")).to_be_visible()
    assert await write.count() == write.before + 1


async def _until(write: Write, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await write.count() < count:  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.05)
