"""Directions for use: a structure that is checked, the text a patient reads in English or Spanish, and the quantity.

The text follows ISMP's advice on safe labels: a leading zero, no trailing zero, no abbreviations, the unit in words.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from chart.prescribing.medicines.forms import FORMS, MAX_DOSE, QUARTER, SITES, STEP, UNITS, Form, Words
from chart.prescribing.medicines.sig_words import FREQUENCIES, NOTES, REASONS

MAX_DAYS = 365
MAX_EXTRA = 140
CHRONIC_DAYS = 30
_HALVES = {
    0.25: Words("a quarter of a", "un cuarto de"),
    0.5: Words("half a", "media"),
}


class Sig(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a medicine is taken.

    ``dose`` (to ``dose_max`` where a range is meant) counts ``unit``, a key of UNITS; ``frequency`` is a key of
    FREQUENCIES; ``days`` is how long, None for a medicine that goes on; ``prn`` is a key of REASONS; ``site`` a
    key of SITES for eyes and ears; ``notes`` keys of NOTES; ``extra`` the clinician's own words.
    """

    dose: float
    unit: str
    frequency: str
    dose_max: float | None = None
    days: int | None = None
    prn: str | None = None
    site: str | None = None
    notes: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What to dispense: ``value`` counts ``unit`` (a key of forms.DISPENSED) and lasts ``days``, if that is known."""

    value: float
    unit: str
    days: int | None


def problems(sig: Sig, form_name: str, route: str) -> dict[str, str]:
    """What is wrong, by field. Empty when the directions can be written."""
    form = FORMS[form_name]
    found: dict[str, str] = {}
    if sig.unit not in form.units:
        found["unit"] = "sig_unit_unknown"
    elif not 0 < sig.dose <= MAX_DOSE[sig.unit] or not math.isfinite(sig.dose):
        found["dose"] = "sig_dose_impossible"
    elif not _can_be_measured(sig.dose, form, sig.unit):
        found["dose"] = "sig_dose_not_divisible"
    if sig.dose_max is not None and not found.keys() & {"unit", "dose"}:
        most = sig.dose_max
        if not sig.dose < most <= MAX_DOSE[sig.unit]:
            found["dose_max"] = "sig_dose_max_wrong"
        elif not _can_be_measured(most, form, sig.unit):
            found["dose_max"] = "sig_dose_not_divisible"
    if sig.frequency not in FREQUENCIES:
        found["frequency"] = "sig_frequency_unknown"
    if sig.days is not None and not 1 <= sig.days <= MAX_DAYS:
        found["days"] = "sig_days_out_of_range"
    elif sig.days is not None and not _reaches_a_dose(sig.days, sig.frequency):
        found["days"] = "sig_days_contradict"
    if sig.prn is not None and sig.prn not in REASONS:
        found["prn"] = "sig_reason_unknown"
    if route in SITES and sig.site not in SITES[route]:
        found["site"] = "sig_site_required"
    if any(note not in NOTES for note in sig.notes):
        found["notes"] = "sig_note_unknown"
    if len(sig.extra) > MAX_EXTRA:
        found["extra"] = "too_long"
    elif not sig.extra.isprintable():
        found["extra"] = "control_characters"
    elif sig.extra.strip() and not sig.extra.strip(" ."):
        found["extra"] = "sig_extra_no_words"
    return found


def _can_be_measured(dose: float, form: Form, unit: str) -> bool:
    """Tablets break into halves and quarters, capsules not at all, liquids into tenths: exactly, as it was written."""
    step = QUARTER if form.splits else STEP[unit]
    return Decimal(repr(dose)) % step == 0


def _reaches_a_dose(days: int, frequency: str) -> bool:
    """'Once for 10 days' and 'once a week for 3 days' say two things."""
    if frequency not in FREQUENCIES:
        return True
    per_day = FREQUENCIES[frequency].per_day
    return frequency != "once" if per_day is None else days * per_day > 1 - 1e-9


def text(sig: Sig, form_name: str, route: str, language: str) -> str:
    """The directions as one paragraph in 'en' or 'es'. ``sig`` has no problems()."""
    place = 1 if language == "es" else 0
    form = FORMS[form_name]
    where = form.place[place]
    if route in SITES and sig.site:
        where = where.format(site=SITES[route][sig.site][place])
    parts = [form.verb[place], _amount(sig, place), where, FREQUENCIES[sig.frequency].words[place]]
    if sig.prn:
        parts.append(f"{('as needed for', 'si lo necesita por')[place]} {REASONS[sig.prn][place]}")
    if sig.days:
        parts.append(_duration(sig.days, place))
    sentences = [" ".join(parts), *(NOTES[note][place] for note in sig.notes)]
    if sig.extra.strip():
        sentences.append(sig.extra.strip().rstrip("."))
    return " ".join(f"{sentence}." for sentence in sentences)


def _amount(sig: Sig, place: int) -> str:
    noun = UNITS[sig.unit]
    if sig.unit in {"layer", "ribbon"}:
        article = ("a", "una")[place]
        return f"{article} {noun.one[place]}"
    if sig.dose_max is not None:
        return f"{number(sig.dose)} {('to', 'a')[place]} {number(sig.dose_max)} {noun.many[place]}"
    if sig.unit == "tablet" and sig.dose in _HALVES:
        return f"{_HALVES[sig.dose][place]} {noun.one[place]}"
    word = noun.one if sig.dose == 1 else noun.many
    return f"{number(sig.dose)} {word[place]}"


def _duration(days: int, place: int) -> str:
    unit = (("day", "día") if days == 1 else ("days", "días"))[place]
    return f"{('for', 'durante')[place]} {days} {unit}"


def number(value: float) -> str:
    """'0.5', '1', '2.25': a leading zero and never a trailing one."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def suggest(sig: Sig, form_name: str, pack: float | None) -> Quantity:
    """What to dispense for these directions.

    Counted forms: the largest dose x doses a day x days (CHRONIC_DAYS where it goes on), rounded up to what a
    pharmacy can count. Others: one pack of ``pack``. 'As needed' is reckoned as if every dose were taken.
    """
    form = FORMS[form_name]
    per_day = FREQUENCIES[sig.frequency].per_day
    if not form.counted or per_day is None:
        single = 1.0 if sig.frequency != "once" or not form.counted else math.ceil(sig.dose_max or sig.dose)
        return Quantity(pack or single, form.dispensed, sig.days)
    days = sig.days or CHRONIC_DAYS
    most = sig.dose_max or sig.dose
    # Rounding first keeps 0.1 + 0.2 from costing a tablet.
    value = math.ceil(round(most * per_day * days, 6))
    return Quantity(float(value), form.dispensed, days)


def parse_usual(line: str, form_name: str, route: str) -> Sig:
    """One of the usual directions in drugs.tsv: '2 q6h prn:pain x5d +with_food', '0.25mg weekly'. Raises ValueError."""
    dose_text, frequency, *rest = line.split()
    digits = dose_text.rstrip("abcdefghijklmnopqrstuvwxyzL")
    unit = dose_text.removeprefix(digits) or FORMS[form_name].units[0]
    dose = 1.0 if dose_text == "as_directed" else float(digits)
    days = next((int(part[1:-1]) for part in rest if part.startswith("x")), None)
    prn = next((part.removeprefix("prn:") for part in rest if part.startswith("prn:")), None)
    notes = tuple(part[1:] for part in rest if part.startswith("+"))
    site = "both" if route in SITES else None
    sig = Sig(dose=dose, unit=unit, frequency=frequency, days=days, prn=prn, site=site, notes=notes)
    if wrong := problems(sig, form_name, route):
        raise ValueError(f"{line!r}: {wrong}")
    return sig
