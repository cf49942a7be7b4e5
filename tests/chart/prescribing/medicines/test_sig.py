"""Directions: what can be written is written in both languages, what cannot is refused, the quantity is enough."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.prescribing.medicines import sig as directions
from chart.prescribing.medicines.forms import FORMS, MAX_DOSE, SITES
from chart.prescribing.medicines.formulary import Product, products
from chart.prescribing.medicines.sig import Sig
from chart.prescribing.medicines.sig_words import FREQUENCIES, NOTES, REASONS


def write(form: str, route: str = "oral", **fields: object) -> tuple[str, str]:
    sig = Sig(**fields)  # type: ignore[arg-type]  # the test's fields
    assert directions.problems(sig, form, route) == {}
    return directions.text(sig, form, route, "en"), directions.text(sig, form, route, "es")


def test_a_course_of_tablets() -> None:
    assert write("tablet", dose=1, unit="tablet", frequency="bid", days=10, notes=("finish_all",)) == (
        "Take 1 tablet by mouth twice a day for 10 days. Finish all of it, even when you feel better.",
        "Tome 1 tableta por la boca dos veces al día durante 10 días. Termínelo todo, aunque se sienta mejor.",
    )


def test_as_needed_with_a_range_and_own_words() -> None:
    assert write(
        "tablet", dose=1, dose_max=2, unit="tablet", frequency="q6h", prn="pain", extra="Not with wine."
    ) == (
        "Take 1 to 2 tablets by mouth every 6 hours as needed for pain. Not with wine.",
        "Tome 1 a 2 tabletas por la boca cada 6 horas si lo necesita por dolor. Not with wine.",
    )


def test_half_a_tablet_is_said_in_words() -> None:
    assert write("tablet", dose=0.5, unit="tablet", frequency="qd") == (
        "Take half a tablet by mouth once a day.",
        "Tome media tableta por la boca una vez al día.",
    )


def test_eyes_ask_for_a_side() -> None:
    sig = Sig(dose=1, unit="drop", frequency="bid")
    assert directions.problems(sig, "eye_drops", "ophthalmic") == {"site": "sig_site_required"}
    english, spanish = write("eye_drops", "ophthalmic", dose=1, unit="drop", frequency="bid", site="left")
    assert (english, spanish) == (
        "Put 1 drop in the left eye twice a day.",
        "Ponga 1 gota en el ojo izquierdo dos veces al día.",
    )


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"dose": 0}, "dose", "sig_dose_impossible"),
        ({"dose": -1}, "dose", "sig_dose_impossible"),
        ({"dose": 400}, "dose", "sig_dose_impossible"),
        ({"dose": math.nan}, "dose", "sig_dose_impossible"),
        ({"dose": math.inf}, "dose", "sig_dose_impossible"),
        ({"dose": 0.3}, "dose", "sig_dose_not_divisible"),
        ({"dose": 1e-9}, "dose", "sig_dose_not_divisible"),
        ({"dose": 0.5000001}, "dose", "sig_dose_not_divisible"),
        ({"dose": 1 / 3}, "dose", "sig_dose_not_divisible"),
        ({"dose_max": 1}, "dose_max", "sig_dose_max_wrong"),
        ({"dose_max": 1.1}, "dose_max", "sig_dose_not_divisible"),
        ({"dose_max": 1 + 1e-9}, "dose_max", "sig_dose_not_divisible"),
        ({"dose": 2, "dose_max": 1}, "dose_max", "sig_dose_max_wrong"),
        ({"dose_max": math.nan}, "dose_max", "sig_dose_max_wrong"),
        ({"dose_max": 21}, "dose_max", "sig_dose_max_wrong"),
        ({"frequency": "once", "days": 10}, "days", "sig_days_contradict"),
        ({"frequency": "weekly", "days": 3}, "days", "sig_days_contradict"),
        ({"extra": "..."}, "extra", "sig_extra_no_words"),
        ({"unit": "mL"}, "unit", "sig_unit_unknown"),
        ({"frequency": "q3h"}, "frequency", "sig_frequency_unknown"),
        ({"days": 0}, "days", "sig_days_out_of_range"),
        ({"days": 366}, "days", "sig_days_out_of_range"),
        ({"prn": "fun"}, "prn", "sig_reason_unknown"),
        ({"notes": ("nonsense",)}, "notes", "sig_note_unknown"),
        ({"extra": "x" * 141}, "extra", "too_long"),
        ({"extra": "a\x00b"}, "extra", "control_characters"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    fields: dict[str, object], field: str, code: str
) -> None:
    sig = Sig(**{"dose": 1, "unit": "tablet", "frequency": "qd", **fields})  # type: ignore[arg-type]  # as above
    assert directions.problems(sig, "tablet", "oral") == {field: code}


@pytest.mark.parametrize(
    ("form", "unit", "dose"),
    [
        ("pen", "units", 1e-9),
        ("pen", "units", 0.3),
        ("pen", "mg", 0.001),
        ("powder", "g", 0.0001),
        ("neb_solution", "mL", 1e-12),
        ("suspension", "mL", 0.05),
        ("eye_drops", "drop", 0.5),
        ("mdi", "puff", 1.5),
        ("nasal_spray", "spray", 0.2),
        ("cream", "layer", 0.5),
        ("vaginal_gel", "applicator", 1e-300),
        ("sl_tablet", "tablet", 0.3),
        ("auto_injector", "injection", 1.2),
    ],
)
def test_no_form_takes_a_dose_that_cannot_be_measured_out(form: str, unit: str, dose: float) -> None:
    route = {"eye_drops": "ophthalmic"}.get(form, "oral")
    sig = Sig(dose=dose, unit=unit, frequency="qd", site="both")
    assert directions.problems(sig, form, route) == {"dose": "sig_dose_not_divisible"}


def test_a_capsule_is_not_halved() -> None:
    sig = Sig(dose=0.5, unit="capsule", frequency="qd")
    assert directions.problems(sig, "capsule", "oral") == {"dose": "sig_dose_not_divisible"}


@pytest.mark.parametrize(
    ("form", "fields", "pack", "expected"),
    [
        ("tablet", {"dose": 1, "unit": "tablet", "frequency": "bid", "days": 10}, None, (20, "tablet", 10)),
        ("tablet", {"dose": 0.5, "unit": "tablet", "frequency": "qd", "days": 7}, None, (4, "tablet", 7)),
        ("tablet", {"dose": 1, "unit": "tablet", "frequency": "qd"}, None, (30, "tablet", 30)),
        ("tablet", {"dose": 4, "unit": "tablet", "frequency": "weekly"}, None, (18, "tablet", 30)),
        (
            "tablet",
            {"dose": 1, "dose_max": 2, "unit": "tablet", "frequency": "q6h", "days": 5},
            None,
            (40, "tablet", 5),
        ),
        ("tablet", {"dose": 1, "unit": "tablet", "frequency": "once"}, 9, (9, "tablet", None)),
        ("tablet", {"dose": 4, "unit": "tablet", "frequency": "once"}, None, (4, "tablet", None)),
        ("suspension", {"dose": 7.5, "unit": "mL", "frequency": "bid", "days": 10}, None, (150, "mL", 10)),
        ("mdi", {"dose": 2, "unit": "puff", "frequency": "q4h"}, 1, (1, "each", None)),
    ],
)
def test_the_quantity_follows_from_the_directions(
    form: str, fields: dict[str, object], pack: float | None, expected: tuple[float, str, int | None]
) -> None:
    sig = Sig(**fields)  # type: ignore[arg-type]  # the test's fields
    quantity = directions.suggest(sig, form, pack)
    assert (quantity.value, quantity.unit, quantity.days) == expected


@st.composite
def writable(draw: st.DrawFn) -> tuple[Product, Sig]:
    product = draw(st.sampled_from(products()))
    form = FORMS[product.form]
    unit = draw(st.sampled_from(form.units))
    quarters = draw(st.integers(1, int(MAX_DOSE[unit]) * 4))
    dose = quarters / 4 if form.splits else float(max(1, quarters // 4))
    sites = SITES.get(product.route)
    frequency = draw(st.sampled_from(sorted(FREQUENCIES)))
    shortest = math.ceil(1 / (FREQUENCIES[frequency].per_day or 1))
    return product, Sig(
        dose=dose,
        unit=unit,
        frequency=frequency,
        days=draw(st.none() | st.integers(shortest, 365) if frequency != "once" else st.none()),
        prn=draw(st.none() | st.sampled_from(sorted(REASONS))),
        site=draw(st.sampled_from(sorted(sites))) if sites else None,
        notes=tuple(draw(st.lists(st.sampled_from(sorted(NOTES)), max_size=3, unique=True))),
    )


@given(writable())
def test_any_writable_directions_read_as_a_sentence_in_both_languages(case: tuple[Product, Sig]) -> None:
    product, sig = case
    assert directions.problems(sig, product.form, product.route) == {}
    for language in ("en", "es"):
        text = directions.text(sig, product.form, product.route, language)
        assert text[0].isupper() and text.endswith(".")
        assert not re.search(r"\{|\}|\d\.0\b|(?<!\d)\.\d|  ", text), text
        if sig.days:
            assert str(sig.days) in text


@given(writable())
def test_the_quantity_lasts_as_long_as_the_directions(case: tuple[Product, Sig]) -> None:
    product, sig = case
    quantity = directions.suggest(sig, product.form, product.pack)
    assert quantity.value > 0
    per_day = FREQUENCIES[sig.frequency].per_day
    if FORMS[product.form].counted and per_day and quantity.days:
        need = sig.dose * per_day * quantity.days
        assert need - 1e-6 <= quantity.value < need + 1 + 1e-6


@given(st.builds(Sig, dose=st.floats(), unit=st.text(), frequency=st.text(), extra=st.text()))
def test_any_rubbish_is_named_and_never_breaks(sig: Sig) -> None:
    assert directions.problems(sig, "tablet", "oral")
