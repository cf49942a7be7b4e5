"""Turns the summary into a tagged PDF (PDF/UA-1) with its fonts inside."""

from functools import cache
from pathlib import Path

import msgspec
import typst

from chart.aftervisit.content import Summary

_TEMPLATE = Path(__file__).parent / "summary.typ"


@cache
def _compiler() -> typst.Compiler:
    # Only the fonts that come inside the library: the same PDF on every machine.
    return typst.Compiler(str(_TEMPLATE), ignore_system_fonts=True)


def render(summary: Summary) -> bytes:
    """The PDF's bytes. Takes some 100 ms of processor time: call it from a thread."""
    data = msgspec.json.encode(summary).decode()
    pdf = _compiler().compile(format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("a summary is one document")
    return pdf
