"""What `carethread run` ends with: where to go, and how each of the demo's people signs in right now."""

from typing import Any

import httpx

from app.demo.cast.people import SLUG

_SHOWN_PATIENTS = 2


async def welcome(api_url: str, public_url: str) -> str:
    """The lines, as the running API knows its people; only the address where there is no demo."""
    base = public_url.rstrip("/")
    # Never by way of a proxy that the machine's environment names: the API is on this machine.
    async with httpx.AsyncClient(base_url=api_url, timeout=30, trust_env=False) as client:
        answer = await client.get("/api/demo/people")
    if answer.status_code != 200:
        return f"Carethread is at {base}"
    people = answer.json()
    lines = [
        "",
        f"  Patients start here   {base}/c/{SLUG}",
        f"  Staff sign in here    {base}/c/{SLUG}/staff",
        f"  Codes and messages    {base}/demo/outbox   (what would go out by SMS and e-mail)",
        "",
        "  Staff: password for all of them:  " + people["password"],
        *(f"    {each['role']:<12} {each['email']:<30} code now {each['code']}" for each in people["staff"]),
        "    (codes change every 30 seconds; the current ones stand on the outbox page)",
        "",
        "  Patients: a phone number, the code from the outbox page, then birth date and last name:",
        *map(_patient, people["patients"][:_SHOWN_PATIENTS]),
        "",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _patient(each: dict[str, Any]) -> str:
    spanish = "Spanish" if each["language"] == "es" else ""
    return f"    {each['name']:<17} {each['phone']}   born {each['birth_date']}   {spanish}"
