"""Recognizes the entries that say there is nothing to enter: 'none', 'NKDA', 'Ninguna', '-'.

Not knowing is something else: '?', 'unknown' and 'no sé' are no such entries.
"""

import re

from core.text.folding import without_accents

_NONE = frozenset(
    "none no nope nil null nothing nada nkda nka nkma ninguno ninguna ningunos ningunas ningun sin not denies denied "
    "deny niega negative negativo without zero cero 0 na non".split()
)
_FILLER = frozenset(
    "known drug drugs medication medications medicine medicines med meds medicament prescription prescriptions allergy "
    "allergies allergic alergia alergias alergico alergica medicamento medicamentos medicamentosa medicamentosas "
    "medicina medicinas farmaco farmacos conocida conocidas conocido conocidos a al la el las los de del to of any "
    "anything i am im have has had he tengo tiene tomo toma tomando taking take takes currently current at this time "
    "present all reported documented recorded on file soy es yo que hay for now ahora por momento el actualmente "
    "actuales that know aware do does don t dont patient paciente regular daily other history hx active or and y o ni "
    "reaction reactions adverse reacciones aplica applicable alguna alguno algun".split()
)
_FOOD = frozenset("food foods alimento alimentos environmental ambiental ambientales latex".split())
_DRUGS = frozenset(
    "drug drugs medication medications medicine medicines medicamento medicamentos medicamentosas nkda".split()
)
_DASHES = re.compile(r"[-\u2010-\u2015\u2212./\\_~\u2205\s]+")
_NOT_APPLICABLE = re.compile(r"n\W?a\W?")


def means_none(text: str) -> bool:
    """Whether the whole entry says that there are none: no known allergies, no medicines taken."""
    folded = without_accents(text).strip()
    if not folded:
        return False
    if _DASHES.fullmatch(folded) or _NOT_APPLICABLE.fullmatch(folded):
        return True
    words = set(re.findall(r"[a-z0-9]+", folded))
    fillers = _FILLER | _FOOD if words & _DRUGS else _FILLER
    other = re.sub("[a-z0-9\\s.,;:!()/'\u2019*-]", "", folded)
    return bool(words & _NONE) and words <= _NONE | fillers and not other
