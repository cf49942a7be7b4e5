"""Turns the summary into a tagged PDF with its fonts inside, by PDF/UA-1 wherever its words allow that."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import typst

from chart.aftervisit.content import Summary
from chart.aftervisit.fonts import font_paths
from core.logs import Log
from core.open_transactions import require_none

log = Log("aftervisit")

_TEMPLATE = Path(__file__).parent / "summary.typ"


@cache
def _compiler() -> typst.Compiler:
    # The template's own font comes inside the library.
    return typst.Compiler(str(_TEMPLATE), font_paths=font_paths())


def render(summary: Summary) -> bytes:
    """The PDF's bytes. Takes some milliseconds of processor time: call it from a thread.

    PDF/UA forbids a letter that no font can show. A name in such a script must not cost its owner the summary, so
    that the PDF is then made without that promise; it is tagged all the same.
    """
    require_none("rendering a PDF")
    data = msgspec.json.encode(summary).decode()
    try:
        return _compiled(data, "ua-1")
    except typst.TypstError:
        log.warning("letters_without_a_font")
        return _compiled(data, None)


def _compiled(data: str, standard: Literal["ua-1"] | None) -> bytes:
    pdf = _compiler().compile(format="pdf", sys_inputs={"data": data}, pdf_standards=standard)
    if not isinstance(pdf, bytes):
        raise TypeError("a summary is one document")
    return pdf
