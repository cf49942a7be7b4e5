"""Make the starter drug set from spec.tsv, FDA's NDC directory and rxcui.tsv (see README.md)."""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "platform" / "chart" / "prescribing" / "data" / "drugs.tsv"

# form: (route, RxNorm dose form, start of FDA's dosage form, FDA's route)
FORMS = {
    "tablet": ("oral", "Oral Tablet", "TABLET", "ORAL"),
    "capsule": ("oral", "Oral Capsule", "CAPSULE", "ORAL"),
    "er_tablet": ("oral", "Extended Release Oral Tablet", "TABLET, .*EXTENDED RELEASE", "ORAL"),
    "er_capsule": ("oral", "Extended Release Oral Capsule", "CAPSULE, .*(EXTENDED|COATED)", "ORAL"),
    "dr_tablet": ("oral", "Delayed Release Oral Tablet", "TABLET, DELAYED RELEASE", "ORAL"),
    "dr_capsule": ("oral", "Delayed Release Oral Capsule", "CAPSULE, .*DELAYED", "ORAL"),
    "odt": ("oral", "Disintegrating Oral Tablet", "TABLET, ORALLY DISINTEGRATING", "ORAL"),
    "sl_tablet": ("sublingual", "Sublingual Tablet", "TABLET", "SUBLINGUAL"),
    "film": ("sublingual", "Sublingual Film", "FILM", "SUBLINGUAL"),
    "suspension": ("oral", "Oral Suspension", "(POWDER, FOR )?SUSPENSION", "ORAL"),
    "powder": ("oral", "Powder for Oral Solution", "POWDER", "ORAL"),
    "packet": ("oral", "Granules for Oral Solution", "(GRANULE|POWDER)", "ORAL"),
    "kit": ("oral", "Pack", "KIT", "ORAL"),
    "cream": ("topical", "Topical Cream", "CREAM", "TOPICAL"),
    "ointment": ("topical", "Topical Ointment", "OINTMENT", "TOPICAL"),
    "gel": ("topical", "Topical Gel", "GEL", "TOPICAL"),
    "patch": ("transdermal", "Medicated Patch", "PATCH", "(TOPICAL|TRANSDERMAL)"),
    "vaginal_gel": ("vaginal", "Vaginal Gel", "GEL", "VAGINAL"),
    "eye_drops": ("ophthalmic", "Ophthalmic Solution", "(SOLUTION|SUSPENSION)", "OPHTHALMIC"),
    "ophth_ointment": ("ophthalmic", "Ophthalmic Ointment", "OINTMENT", "OPHTHALMIC"),
    "ear_drops": ("otic", "Otic Solution", "(SOLUTION|SUSPENSION)", "AURICULAR"),
    "nasal_spray": ("nasal", "Nasal Spray", "(SPRAY|SOLUTION|AEROSOL)", "NASAL"),
    "mdi": ("inhalation", "Metered Dose Inhaler", "AEROSOL", "RESPIRATORY"),
    "dpi": ("inhalation", "Dry Powder Inhaler", "(POWDER|CAPSULE)", "RESPIRATORY"),
    "neb_solution": ("inhalation", "Inhalation Solution", "(SOLUTION|INHALANT)", "RESPIRATORY"),
    "pen": ("subcutaneous", "Pen Injector", "INJECTION", "SUBCUTANEOUS"),
    "auto_injector": ("intramuscular", "Auto-Injector", "INJECTION", "INTRAMUSCULAR"),
}
PLAIN_TABLET = re.compile(r"TABLET(, (FILM COATED|COATED|SUGAR COATED))?$")
PLAIN_CAPSULE = re.compile(r"CAPSULE(, (LIQUID FILLED|GELATIN COATED))?$")
# Where FDA lists a medicine under a name that does not begin with ours.
SUBSTANCE = {"valproate": "DIVALPROEX", "lithium carbonate": "LITHIUM", "docusate": "DOCUSATE"}
# Listed by FDA as four salts, which one line of spec.tsv does not spell out: 21 CFR 1308.12(d).
SCHEDULE = {"amphetamine": "CII"}
HEADER = (
    "# Made by tools/formulary/build.py; sources and licences in tools/formulary/README.md.\n"
    "# No rxcui: the code of that clinical drug could not be confirmed, so none is sent.\n"
)


@dataclass(frozen=True)
class Spec:
    """One line of spec.tsv for one strength."""

    name: str
    rxnorm: str
    brand: str
    form: str
    strength: str
    classes: str
    sigs: str
    pack: str

    @property
    def ingredients(self) -> list[str]:
        """Ingredient names, in the order of their strengths."""
        return self.name.split(" / ")


@dataclass(frozen=True)
class Listed:
    """One product of FDA's directory."""

    ndc: str
    generic: bool
    form: str
    route: str
    parts: tuple[tuple[str, Fraction, str], ...]
    schedule: str


def amount(text: str) -> tuple[Fraction, str]:
    """A strength as FDA and RxNorm can both be compared with: milligrams, units or mEq, per unit, mL or g."""
    number, _, rest = text.replace(",", "").partition(" ")
    value = Fraction(number)
    unit, _, per = rest.partition("/")
    if unit == "%":
        return value * 10, "mg"
    if unit in {"g", "mcg", "ug"}:
        value, unit = value * (1000 if unit == "g" else Fraction(1, 1000)), "mg"
    divisor = re.match(r"[\d.]+", per.strip())
    if divisor:
        value /= Fraction(divisor[0])
    return value, unit.lower().replace("[usp'u]", "units").replace("[iu]", "units")


def specs() -> Iterator[Spec]:
    """Every product that spec.tsv asks for."""
    lines = [line for line in (HERE / "spec.tsv").read_text().splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t"):
        for strength in row.pop("strengths").split(";"):
            yield Spec(strength=strength, **row)


def listed(data: Path) -> dict[str, list[Listed]]:
    """FDA's human drugs by the first word of their first substance."""
    found: dict[str, list[Listed]] = defaultdict(list)
    with (data / "product.txt").open(encoding="latin-1") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            substances, numbers, units = (
                row[key].split("; ")
                for key in ("SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT")
            )
            if not row["PRODUCTTYPENAME"].startswith("HUMAN") or not len(substances) == len(numbers) == len(
                units
            ):
                continue
            try:
                parts = tuple(
                    (name, *amount(f"{number} {unit}"))
                    for name, number, unit in zip(
                        row["SUBSTANCENAME"].split("; "), numbers, units, strict=True
                    )
                )
            except (ValueError, ZeroDivisionError):
                continue
            generic = row["PROPRIETARYNAME"].lower()[:5] == row["NONPROPRIETARYNAME"].lower()[:5]
            item = Listed(
                row["PRODUCTNDC"], generic, row["DOSAGEFORMNAME"], row["ROUTENAME"], parts, row["DEASCHEDULE"]
            )
            for name in substances:
                found[name.split()[0] if name else ""].append(item)
    return found


def packages(data: Path) -> dict[str, str]:
    """The first saleable package of each product, as the 11 digits that billing and SCRIPT use (5-4-2)."""
    first: dict[str, str] = {}
    with (data / "package.txt").open(encoding="latin-1") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["SAMPLE_PACKAGE"] != "Y":
                first.setdefault(row["PRODUCTNDC"], row["NDCPACKAGECODE"])
    widths = (5, 4, 2)
    return {
        ndc: "".join(part.zfill(width) for part, width in zip(code.split("-"), widths, strict=True))
        for ndc, code in first.items()
    }


def same_form(spec: Spec, product: Listed) -> bool:
    """Whether FDA's form and route are those of the line."""
    if spec.form == "tablet":
        fits = bool(PLAIN_TABLET.match(product.form))
    elif spec.form == "capsule":
        fits = bool(PLAIN_CAPSULE.match(product.form))
    else:
        fits = bool(re.match(FORMS[spec.form][2], product.form))
    return fits and bool(re.search(FORMS[spec.form][3], product.route))


def matches(spec: Spec, product: Listed) -> bool:
    """Same substances, same strengths, same form, same route."""
    wanted = list(zip(spec.ingredients, spec.strength.split(" / "), strict=False))
    if len(wanted) != len(product.parts) or not same_form(spec, product):
        return False
    for name, strength in wanted:
        start = SUBSTANCE.get(name, name.upper())
        value, unit = amount(strength)
        if not any(
            part.startswith(start) and (value, unit) == (number, of) for part, number, of in product.parts
        ):
            return False
    return True


def clinical_name(spec: Spec) -> tuple[frozenset[str], str]:
    """The parts of the clinical drug's RxNorm name and its dose form, comparable whatever their order."""
    salts = (spec.rxnorm or spec.name).split(" / ")
    parts = set()
    for name, strength in zip(spec.ingredients, spec.strength.split(" / "), strict=False):
        salt = next((salt for salt in salts if salt.startswith(name)), name if len(salts) > 1 else salts[0])
        value, unit = amount(strength)
        number = f"{float(value):.6f}".rstrip("0").rstrip(".")
        per = (
            "/actuat" if spec.form in {"mdi", "dpi"} else "/ml" if "%" in strength or "mL" in strength else ""
        )
        parts.add(f"{salt.lower()} {number} {unit}{per}")
    return frozenset(parts), FORMS[spec.form][1].lower()


def rxcuis() -> dict[tuple[frozenset[str], str], tuple[str, str]]:
    """RxCUI and where it was found, by the parts of the name; names that two codes share are left out."""
    found: dict[tuple[frozenset[str], str], list[tuple[str, str]]] = defaultdict(list)
    with (HERE / "rxcui.tsv").open() as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = re.sub(r"^(nda\d+ )?(24 hr |\d+ actuat |[\d.]+ ml )?", "", row["name"])
            for _, form, *_ in FORMS.values():
                plain = name.removesuffix(f" {form.lower()}")
                if plain != name and not plain.endswith(("release", "disintegrating")):
                    found[frozenset(plain.split(" / ")), form.lower()].append((row["rxcui"], row["source"]))
    return {key: codes[0] for key, codes in found.items() if len(codes) == 1}


def scheduled(spec: Spec, products: list[Listed]) -> str:
    """The schedule of these substances in whatever strength.

    Some labelers leave it out and a few give one by mistake, so a fifth of them have to agree.
    """
    starts = [SUBSTANCE.get(name, name.upper()) for name in spec.ingredients]
    given = Counter(
        item.schedule
        for item in products
        if len(item.parts) == len(starts)
        and all(any(part.startswith(start) for part, *_ in item.parts) for start in starts)
    )
    total = given.total()
    return next((s for s, count in given.most_common() if s and count * 5 >= total), "")


def title(spec: Spec) -> str:
    """'amoxicillin / clavulanate 875 mg / 125 mg tablet'."""
    return f"{spec.name} {spec.strength} {spec.form.replace('_', ' ')}"


def main(data: Path) -> None:
    """Write drugs.tsv and say what could not be confirmed."""
    directory, package, concepts = listed(data), packages(data), rxcuis()
    rows: list[dict[str, str]] = []
    missing: list[str] = []
    for spec in specs():
        first = SUBSTANCE.get(spec.ingredients[0], spec.ingredients[0].upper()).split()[0]
        products = [item for item in directory[first] if matches(spec, item) and item.ndc in package]
        products.sort(key=lambda item: (not item.generic, item.ndc))
        rxcui, source = concepts.get(clinical_name(spec), ("", ""))
        if not products:
            missing.append(title(spec))
        slug = re.sub(r"[^a-z0-9.]+", "-", title(spec).lower().replace("%", "pct")).strip("-")
        row = {
            "id": slug,
            "name": spec.name,
            "brand": spec.brand,
            "ingredients": ";".join(spec.ingredients),
            "strength": spec.strength,
            "form": spec.form,
            "route": FORMS[spec.form][0],
            "schedule": scheduled(spec, directory[first])
            if spec.name not in SCHEDULE
            else SCHEDULE[spec.name],
            "classes": spec.classes,
            "sigs": spec.sigs,
            "pack": spec.pack,
            "rxcui": rxcui,
            "rxcui_source": source,
            "ndc": package[products[0].ndc] if products else "",
        }
        rows.append(row)
    with TARGET.open("w", newline="") as file:
        file.write(HEADER)
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    coded = sum(1 for row in rows if row["rxcui"])
    print(f"{len(rows)} products, {coded} with RxCUI, {len(rows) - len(missing)} found in FDA's directory")
    print("not found:", *missing, sep="\n  ")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
