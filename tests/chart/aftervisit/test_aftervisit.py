"""The after-visit summary: plain words in two languages, and a PDF in which nothing that was typed runs."""

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chart.aftervisit import words
from chart.aftervisit.content import Clinic, Facts, Lay, Medicine, compose
from chart.aftervisit.pdf import render
from chart.notes.domain import DiagnosisLine, NoteContent, PlanKind, PlanLine
from identity.clinic.hours import Hours, Opening

HOSTILE = [
    "#panic()",
    "<script>alert(1)</script>",
    '#read("/etc/passwd")',
    "$ x $ *bold* _it_ `raw` @label // gone",
    '"); #sys.inputs',
    "=cmd|' /C calc'!A0",
    "\\u{41} \\ #let x = 1",
]


def facts(language: str = "en", words_: list[str] | None = None) -> Facts:
    typed = words_ or ["Drink water"]
    return Facts(
        language=language,
        clinic=Clinic(typed[0] if words_ else "Harbor Clinic", "+12125550100", "911"),
        crisis_number="988",
        patient_name=typed[-1] if words_ else "María Núñez",
        clinician_name="Dana Reyes, MD",
        at=datetime(2026, 5, 3, 9, 30, tzinfo=UTC),
        complaint=" ".join(typed),
        note=NoteContent(
            plan="\n".join(typed),
            diagnoses=[DiagnosisLine("N39.0", typed[0]), DiagnosisLine("Q12.0", "Congenital cataract")],
            plan_items=[PlanLine(uuid4(), PlanKind.CALL, line, 3, line) for line in typed],
        ),
        medicines=[Medicine(line, line) for line in typed],
        lay={"N39.0": Lay("urinary tract infection", "infección de las vías urinarias")},
        signed_on=date(2026, 5, 3),
        opening=Opening({}, ZoneInfo("UTC"), {}),
    )


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_pdf_is_tagged_readable_and_carries_its_fonts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(compose(facts("es")))))
    root: Any = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "es"
    assert reader.metadata is not None and reader.metadata.title == "Resumen de su consulta"
    for page in reader.pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert any(key.startswith("/FontFile") for key in descendant["/FontDescriptor"].get_object())


NAMES = {
    "Chinese, traditional": "陳大文",
    "Chinese, simplified": "张伟丽",
    "Japanese": "山田ハナコ・ひとみ",
    "Korean": "김철수",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມຊາຍ",
    "Khmer": "សុខា",
    "Burmese": "အောင်ဆန်း",
    "Arabic": "محمد علي",
    "Hebrew": "דוד כהן",
    "Hindi": "राहुल शर्मा",
    "Bengali": "রাহুল",
    "Tamil": "குமார்",
    "Telugu": "రాము",
    "Amharic": "አበበ",
    "Vietnamese": "Nguyễn Thị Hồng",
    "Cyrillic": "Іван Щербак",
    "Greek": "Γιώργος",
    "Georgian": "გიორგი",
    "Armenian": "Արամ",
}


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_is_shown_and_read_back(script: str) -> None:
    """A letter without a font is shown as a box, and costs the PDF its promise to screen readers (PDF/UA)."""
    pdf = render(compose(facts(words_=[NAMES[script]])))
    assert b"pdfuaid" in pdf
    # Readers order the parts of combined letters in their own way.
    assert set(NAMES[script]) <= set(text_of(pdf)) | {" "}


def test_the_summary_speaks_the_patients_language() -> None:
    spanish = compose(facts("es-MX"))
    assert spanish.diagnoses[0].name == "Infección de las vías urinarias"
    assert "nombre médico, en inglés" in str(spanish.diagnoses[1].official), (
        "English is not passed off as Spanish"
    )
    assert spanish.next[0].when == "a más tardar el miércoles 6 de mayo de 2026"
    assert spanish.visit.when == "3 de mayo de 2026"
    english = compose(facts("vi"))
    assert english.language == "en"
    assert english.diagnoses[0].name == "Urinary tract infection"
    assert english.diagnoses[1].name == "Congenital cataract", "without plain words the official ones stand"
    assert english.diagnoses[1].official is None
    assert "911" in english.help[1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_typed_stands_in_the_pdf_as_text(language: str) -> None:
    pdf = render(compose(facts(language, HOSTILE)))
    shown = text_of(pdf).replace("\n", " ")
    for line in HOSTILE:
        assert line.split()[0] in shown
    for active in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA"):
        assert active not in pdf


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), min_size=1, max_size=4
    )
)
def test_no_text_keeps_a_patient_from_getting_the_pdf(typed: list[str]) -> None:
    assert render(compose(facts("en", typed))).startswith(b"%PDF-")


def test_both_languages_have_every_word() -> None:
    assert words.LABELS["en"].keys() == words.LABELS["es"].keys()
    assert words.PLAN_TITLES["en"].keys() == words.PLAN_TITLES["es"].keys() == set(PlanKind)
    english, spanish = (words.help_lines("911", "988", None, lang) for lang in ("en", "es"))
    assert len(english) == len(spanish)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_numbers_to_call_are_the_clinics_own(language: str) -> None:
    given = " ".join(words.help_lines("112", "(787) 555-0100", None, language))
    assert "112" in given and "(787) 555-0100" in given
    assert "911" not in given and "988" not in given
    assert "text" not in given, "who knows whether that line reads messages?"


WEEKDAYS = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.mark.parametrize(
    ("days", "hours", "english", "spanish"),
    [
        (3, {}, "by Wednesday, May 6, 2026", "a más tardar el miércoles 6 de mayo de 2026"),
        (1, {}, "by Monday, May 4, 2026", "a más tardar el lunes 4 de mayo de 2026"),
        (0, WEEKDAYS, "by Monday, May 4, 2026", "a más tardar el lunes 4 de mayo de 2026"),
        (6, WEEKDAYS, "by Monday, May 11, 2026", "a más tardar el lunes 11 de mayo de 2026"),
        (None, WEEKDAYS, None, None),
    ],
)
def test_what_comes_next_has_a_date_on_which_the_clinic_is_open(
    days: int | None, hours: Hours, english: str | None, spanish: str | None
) -> None:
    """Paper is read on other days than it was written: it says no 'tomorrow'."""
    for language, said in (("en", english), ("es", spanish)):
        item = PlanLine(uuid4(), PlanKind.CALL, "Call", days, "")
        known = replace(
            facts(language),
            note=NoteContent(plan="", plan_items=[item]),
            opening=Opening(hours, ZoneInfo("UTC"), {}),
        )
        assert [step.when for step in compose(known).next] == [said]
