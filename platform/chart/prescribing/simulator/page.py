"""The pharmacy simulator's one page: what it received, for a person to look at."""

from html import escape

from chart.prescribing.simulator.store import Received

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#123}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem;border-bottom:1px solid #cdd;"
    "vertical-align:top}th{font-weight:600}"
)


def render(messages: list[Received], mode: str) -> str:
    """An HTML document."""
    rows = "".join(_row(message) for message in messages)
    table = (
        "<table><thead><tr><th>Received</th><th>Pharmacy</th><th>Prescription</th><th>Answer</th><th>Came</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
        if messages
        else "<p>No prescription has come yet.</p>"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pharmacy simulator</title>'
        f"<style>{_STYLE}</style></head><body><h1>Pharmacy simulator</h1>"
        f"<p>{len(messages)} prescriptions. It behaves: <strong>{escape(mode)}</strong>. "
        f"These pharmacies do not exist.</p>{table}</body></html>"
    )


def _row(message: Received) -> str:
    if message.verify is None:
        answer = "Refused" if b"<Error>" in message.answer else "Taken, nothing more said"
    else:
        answer = "Taken and verified" if message.verified else "Taken"
    cells = (
        f"{message.at:%Y-%m-%d %H:%M:%S} UTC",
        message.pharmacy,
        message.summary,
        answer,
        "once" if message.times == 1 else f"{message.times} times",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
