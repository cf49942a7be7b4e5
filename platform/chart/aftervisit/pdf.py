"""Turns the summary into a tagged PDF with its fonts inside, by PDF/UA-1 wherever its words allow that."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import typst

from chart.aftervisit.content import Summary

_TEMPLATE = Path(__file__).parent / "summary.typ"


@cache
def _compiler() -> typst.Compiler:
    # The template's own font comes inside the library; the machine's serve scripts that it lacks.
    return typst.Compiler(str(_TEMPLATE))


def render(summary: Summary) -> bytes:
    """The PDF's bytes. Takes some milliseconds of processor time: call it from a thread.

    PDF/UA forbids a letter that no font can show. A name in such a script must not cost its owner the summary, so
    that the PDF is then made without that promise; it is tagged all the same.
    """
    data = msgspec.json.encode(summary).decode()
    try:
        return _compiled(data, "ua-1")
    except typst.TypstError:
        return _compiled(data, None)


def _compiled(data: str, standard: Literal["ua-1"] | None) -> bytes:
    pdf = _compiler().compile(format="pdf", sys_inputs={"data": data}, pdf_standards=standard)
    if not isinstance(pdf, bytes):
        raise TypeError("a summary is one document")
    return pdf
