"""Dosage forms: in which unit a medicine is dosed and dispensed, and how one speaks of taking it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """One phrase in both languages."""

    en: str
    es: str


class Noun(NamedTuple):
    """A thing that is counted, one and many, in both languages."""

    one: Words
    many: Words


UNITS: Mapping[str, Noun] = MappingProxyType(
    {
        "tablet": Noun(Words("tablet", "tableta"), Words("tablets", "tabletas")),
        "capsule": Noun(Words("capsule", "cápsula"), Words("capsules", "cápsulas")),
        "film": Noun(Words("film", "película"), Words("films", "películas")),
        "packet": Noun(Words("packet", "sobre"), Words("packets", "sobres")),
        "mL": Noun(Words("mL", "mL"), Words("mL", "mL")),
        "g": Noun(Words("g", "g"), Words("g", "g")),
        "mg": Noun(Words("mg", "mg"), Words("mg", "mg")),
        "units": Noun(Words("unit", "unidad"), Words("units", "unidades")),
        "puff": Noun(Words("puff", "inhalación"), Words("puffs", "inhalaciones")),
        "spray": Noun(Words("spray", "rociada"), Words("sprays", "rociadas")),
        "drop": Noun(Words("drop", "gota"), Words("drops", "gotas")),
        "patch": Noun(Words("patch", "parche"), Words("patches", "parches")),
        "layer": Noun(Words("thin layer", "capa fina"), Words("thin layers", "capas finas")),
        "ribbon": Noun(Words("small ribbon", "tira pequeña"), Words("small ribbons", "tiras pequeñas")),
        "applicator": Noun(
            Words("applicatorful", "aplicador lleno"), Words("applicatorfuls", "aplicadores llenos")
        ),
        "injection": Noun(Words("injection", "inyección"), Words("injections", "inyecciones")),
    }
)
"""What one dose is counted in."""

MAX_DOSE: Mapping[str, float] = MappingProxyType(
    {"tablet": 20, "capsule": 20, "film": 4, "packet": 4, "mL": 100, "g": 60, "mg": 1000, "units": 300}
    | {
        "puff": 10,
        "spray": 4,
        "drop": 10,
        "patch": 3,
        "layer": 1,
        "ribbon": 1,
        "applicator": 1,
        "injection": 2,
    }
)
"""More than this at once is refused as a slip of the finger."""

STEP: Mapping[str, Decimal] = MappingProxyType(
    {unit: Decimal(1) for unit in UNITS}
    | {"mL": Decimal("0.1"), "g": Decimal("0.5"), "mg": Decimal("0.05"), "units": Decimal("0.5")}
)
"""The least that can be measured out: a dose is a whole number of these (pens click by half units, or 0.05 mg)."""

QUARTER = Decimal("0.25")
"""The least part of a tablet that breaks."""

DISPENSED: Mapping[str, str] = MappingProxyType(
    {"tablet": "C48542", "capsule": "C48480", "mL": "C28254", "g": "C48155", "each": "C64933"}
)
"""The unit of the quantity as SCRIPT names it: NCI Thesaurus codes for tablet, capsule, mL, gram and each."""


@dataclass(frozen=True, slots=True)
class Form:
    """One dosage form.

    ``units``: what a dose may be counted in, the usual one first. ``dispensed``: what the pharmacy counts, a
    key of DISPENSED. ``verb`` and ``place``: the words before and after the dose. ``counted``: the quantity
    follows from dose, frequency and days; otherwise whole packs are dispensed. ``splits``: half a dose is possible.
    """

    label: Words
    units: tuple[str, ...]
    dispensed: str
    verb: Words
    place: Words
    counted: bool = True
    splits: bool = False


_TAKE = Words("Take", "Tome")
_BY_MOUTH = Words("by mouth", "por la boca")
_PUT = Words("Put", "Aplique")
_ON_SKIN = Words("to the affected area", "en la zona afectada")
_UNDER_SKIN = Words("under the skin", "debajo de la piel")


def _oral(en: str, es: str, unit: str, *, splits: bool = False) -> Form:
    return Form(Words(en, es), (unit,), unit, _TAKE, _BY_MOUTH, splits=splits)


def _skin(en: str, es: str) -> Form:
    return Form(Words(en, es), ("layer", "g"), "g", Words("Apply", "Aplique"), _ON_SKIN, counted=False)


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "tablet": _oral("tablet", "tableta", "tablet", splits=True),
        "capsule": _oral("capsule", "cápsula", "capsule"),
        "er_tablet": _oral("extended-release tablet", "tableta de liberación prolongada", "tablet"),
        "er_capsule": _oral("extended-release capsule", "cápsula de liberación prolongada", "capsule"),
        "dr_tablet": _oral("delayed-release tablet", "tableta de liberación retardada", "tablet"),
        "dr_capsule": _oral("delayed-release capsule", "cápsula de liberación retardada", "capsule"),
        "odt": Form(
            Words("dissolving tablet", "tableta que se disuelve"),
            ("tablet",),
            "tablet",
            Words("Dissolve", "Disuelva"),
            Words("on the tongue", "sobre la lengua"),
        ),
        "sl_tablet": Form(
            Words("tablet under the tongue", "tableta sublingual"),
            ("tablet",),
            "tablet",
            Words("Place", "Coloque"),
            Words("under the tongue", "debajo de la lengua"),
            counted=False,
        ),
        "film": Form(
            Words("film", "película"),
            ("film",),
            "each",
            Words("Place", "Coloque"),
            Words("under the tongue", "debajo de la lengua"),
        ),
        "suspension": Form(Words("liquid", "líquido"), ("mL",), "mL", _TAKE, _BY_MOUTH),
        "powder": Form(Words("powder", "polvo"), ("g",), "g", _TAKE, _BY_MOUTH, counted=False),
        "packet": Form(Words("packet", "sobre"), ("packet",), "each", _TAKE, _BY_MOUTH),
        "kit": Form(
            Words("tablet pack", "paquete de tabletas"), ("tablet",), "tablet", _TAKE, _BY_MOUTH, False
        ),
        "cream": _skin("cream", "crema"),
        "ointment": _skin("ointment", "ungüento"),
        "gel": _skin("gel", "gel"),
        "patch": Form(
            Words("patch", "parche"), ("patch",), "each", _PUT, Words("on the skin", "sobre la piel"), False
        ),
        "vaginal_gel": Form(
            Words("vaginal gel", "gel vaginal"),
            ("applicator",),
            "g",
            Words("Insert", "Introduzca"),
            Words("into the vagina", "en la vagina"),
            counted=False,
        ),
        "eye_drops": Form(
            Words("eye drops", "gotas para los ojos"),
            ("drop",),
            "mL",
            Words("Put", "Ponga"),
            Words("in {site}", "en {site}"),
            counted=False,
        ),
        "ophth_ointment": Form(
            Words("eye ointment", "ungüento para los ojos"),
            ("ribbon",),
            "g",
            Words("Put", "Ponga"),
            Words("in {site}", "en {site}"),
            counted=False,
        ),
        "ear_drops": Form(
            Words("ear drops", "gotas para los oídos"),
            ("drop",),
            "mL",
            Words("Put", "Ponga"),
            Words("in {site}", "en {site}"),
            counted=False,
        ),
        "nasal_spray": Form(
            Words("nasal spray", "aerosol nasal"),
            ("spray",),
            "each",
            Words("Use", "Use"),
            Words("in the nose", "en la nariz"),
            counted=False,
        ),
        "mdi": Form(
            Words("inhaler", "inhalador"),
            ("puff",),
            "each",
            Words("Inhale", "Haga"),
            Words("by mouth", "por la boca"),
            counted=False,
        ),
        "dpi": Form(
            Words("dry powder inhaler", "inhalador de polvo"),
            ("puff",),
            "each",
            Words("Inhale", "Haga"),
            Words("by mouth", "por la boca"),
            counted=False,
        ),
        "neb_solution": Form(
            Words("nebulizer solution", "solución para nebulizar"),
            ("mL",),
            "mL",
            Words("Inhale", "Inhale"),
            Words("by nebulizer", "con el nebulizador"),
            counted=False,
        ),
        "pen": Form(
            Words("injection pen", "pluma inyectable"),
            ("units", "mg"),
            "mL",
            Words("Inject", "Inyecte"),
            _UNDER_SKIN,
            counted=False,
        ),
        "auto_injector": Form(
            Words("auto-injector", "autoinyector"),
            ("injection",),
            "each",
            Words("Give", "Aplique"),
            Words("into the outer thigh", "en la parte externa del muslo"),
            counted=False,
        ),
    }
)
"""Every form in the formulary."""

SITES: Mapping[str, Mapping[str, Words]] = MappingProxyType(
    {
        "ophthalmic": MappingProxyType(
            {
                "both": Words("each eye", "cada ojo"),
                "left": Words("the left eye", "el ojo izquierdo"),
                "right": Words("the right eye", "el ojo derecho"),
            }
        ),
        "otic": MappingProxyType(
            {
                "both": Words("each ear", "cada oído"),
                "left": Words("the left ear", "el oído izquierdo"),
                "right": Words("the right ear", "el oído derecho"),
            }
        ),
    }
)
"""Where, for routes that need a side. The keys of the inner tables are what a sig stores."""
