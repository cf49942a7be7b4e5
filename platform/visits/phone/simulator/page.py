"""The page of the double: each telephone that it rings, with what its owner may do, as plain HTML."""

from collections.abc import Mapping, Sequence
from html import escape

from visits.phone.simulator.calls import Call

_WHILE_RINGING: Mapping[str, str] = {
    "answer": "Answer",
    "machine": "Voicemail answers",
    "busy": "Busy",
    "no_answer": "Nobody answers",
    "wrong": "No such number",
}
_SHOWN = 20


def render(calls: Sequence[Call]) -> str:
    """The newest calls first."""
    rows = "".join(map(_row, calls[:_SHOWN])) or "<p>No telephone has been rung yet.</p>"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2"><title>Telephones of the demo</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem; }}
section {{ border-top: 1px solid #ccc; padding: 1rem 0; }}
form {{ display: inline; }}
button {{ font: inherit; padding: .4rem .8rem; margin: .2rem .4rem .2rem 0; }}
</style></head><body>
<h1>Telephones of the demo</h1>
<p>Nobody is called in the demo. The telephones that the clinic would ring are here: answer them, or do not.</p>
{rows}</body></html>"""


def _row(call: Call) -> str:
    said = "".join(f"<p>“{escape(words)}”</p>" for words in call.said)
    talking = "<p>In the conference.</p>" if call.conference else ""
    return (
        f'<section aria-label="{escape(call.to)}"><h2>{escape(call.to)}</h2>'
        f"<p>Status: {escape(call.status)}</p>{said}{talking}{_buttons(call)}</section>"
    )


def _buttons(call: Call) -> str:
    if call.status == "ringing":
        choices = _WHILE_RINGING
    elif call.status == "in-progress":
        choices = {"hang_up": "Hang up"}
    else:
        return ""
    return "".join(
        f'<form method="post" action="/telephones/{call.sid}/{does}"><button>{words}</button></form>'
        for does, words in choices.items()
    )
