"""Make the recognition vocabulary from RxNorm's prescribable content and FDA's NDC directory (see README.md)."""

import csv
import lzma
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "platform" / "chart" / "prescribing" / "data" / "vocabulary.tsv"
HEADER = (
    "# Made by tools/vocabulary/build.py; sources and terms in NOTICE and tools/vocabulary/README.md.\n"
    "# name: lower case; ingredients: what is in it, without salts, parted by ';'. A salt names its ingredient.\n"
)

Row = dict[str, str]

# RxNorm has these as ingredients of their own; for the check they are one medicine.
SAME = {
    "lithium carbonate": "lithium",
    "lithium citrate": "lithium",
    "insulin, regular, human": "insulin regular",
    "insulin isophane": "insulin isophane",
    "insulin aspart, human": "insulin aspart",
    "insulin glulisine, human": "insulin glulisine",
    "insulin aspart protamine, human": "insulin aspart",
    "insulin lispro protamine, human": "insulin lispro",
    "esomeprazole": "esomeprazole",
    "nitrofurantoin, macrocrystals": "nitrofurantoin",
    "nitrofurantoin, monohydrate": "nitrofurantoin",
    "isosorbide mononitrate": "isosorbide mononitrate",
    "isosorbide dinitrate": "isosorbide dinitrate",
    "divalproex sodium": "valproate",
    "valproic acid": "valproate",
    "levothyroxine, synthetic": "levothyroxine",
}
# Salts and hydrates as FDA's directory writes them after a substance whose name begins with A.
SALTS = set(
    "hydrochloride hcl sodium potassium calcium magnesium sulfate phosphate acetate maleate malate tartrate "
    "succinate citrate fumarate hemifumarate mesylate besylate tosylate bromide hydrobromide chloride nitrate "
    "gluconate anhydrous monohydrate dihydrate trihydrate hemihydrate disodium tromethamine bitartrate "
    "aspartate saccharate kamedoxomil medoxomil dipropionate benzoate lauroxil furoate trihydrate".split()
)
APPROVED = {"NDA", "ANDA", "BLA", "NDA AUTHORIZED GENERIC"}
# A name made of these alone is not taken for a brand: it may as well stand in a sentence ("for arthritis pain").
ORDINARY = set(
    "air water today natural complete pain relief extra sleep arthritis migraine headache rash acne clear day new my "
    "way choice next one dose take action morning after deep sea soft eye stream jet alert freeze it ice mineral "
    "free and clear signature care smart sense good members mark up temporary minor react thrive cambia allday ella "
    "julie muse align halls bran apple talc copper sulfur mosquito red maple pronto perfect doctor kid s plus "
    "members total gas acid gone active fallback solo n a e r o p z m d x u c i v k l r b q ery rid neffy "
    "once daily human equine oil light heavy".split()
)
# What nobody takes as a medicine at home: vaccines, extracts for allergy tests and shots, isotopes.
LEFT_OUT = re.compile(
    r"allergenic|pollen|\bhair\b|skin extract|feather|house dust|virus|antigen|vaccine|toxoid|antivenin|venom"
    r"|immune globulin|strain|tc-?99m|\bf-?18\b|outer membrane|h[0-9]n[0-9]|polysaccharide"
)
# What RxNorm's product names say beside the ingredients: how it is made and given, not what is in it.
DESCRIPTION = re.compile(
    r"^(\d.*|abuse deterrent|biphasic|breath actuated|doses?|equine|evening dosing|human( \w+)?|modified|osmotic"
    r"|pediatric|rdna|recombinant.*|sensor|sprinkle|usp|isoform.*|mahoney|mef 1|saukett|kp.2|lp.8 1|trisodium"
    r"|containing omega 3 acids|hyaluronidase \w{4})$"
)
AMOUNT = re.compile(
    r" [\d.,]+ (MG|MCG|UNT|MEQ|ML|%|ACTUAT|CELLS|BAU|AU|MMOL|MIL|MCI|PNU|IR|KG|G|HR|VECTOR|[A-Z]).*$"
)


def words(name: str) -> str:
    """Lower case, parted by single spaces, without what stands between."""
    return " ".join(re.findall(r"[a-z0-9]+(?:\.[0-9]+)?", name.lower()))


def rxnorm(path: Path) -> list[Row]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def components(product: str) -> Iterator[str]:
    """'24 HR acetaminophen 325 MG / codeine phosphate 30 MG Oral Tablet [X]': acetaminophen, codeine phosphate."""
    inner = re.sub(r" \[[^\]]*\]$", "", product)
    for part in re.split(r" / |\{|\} |\) ?/ ?|\(", inner):
        plain = re.sub(r"^(\d+(\.\d+)? (HR|DAY|ML|ACTUAT|MG|MEQ|UNT) )+|^NDA\d+ |^\d+ $", "", part.strip())
        found = AMOUNT.sub("", plain).strip()
        if found and found != plain:
            yield found.lower()


class Bases:
    """From a name in a product to its ingredient without salt."""

    def __init__(self, rows: list[Row], listed: set[str]) -> None:
        self.ingredients = {row["name"].lower() for row in rows if row["tty"] == "IN"} | listed
        self.salts = self._salts(rows)

    def _salts(self, rows: list[Row]) -> dict[str, str]:
        names = {row["rxcui"]: row["name"].lower() for row in rows if row["tty"] == "IN"}
        precise = {row["rxcui"]: row["name"].lower() for row in rows if row["tty"] == "PIN"}
        found: dict[str, str] = {}
        for name in precise.values():
            parts = name.split()
            starts = (" ".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
            base = next((start.rstrip(",") for start in starts if start.rstrip(",") in self.ingredients), "")
            if base:
                found[name] = base
        for row in rows:
            parts = list(components(row["name"])) if row["tty"] == "SCD" else []
            codes = row["ingredients"].split()
            own = {names[code] for code in codes if code in names}
            salts = {precise[code] for code in codes if code in precise}
            if len(parts) == len(own) == 1 and parts[0] in salts:
                found.setdefault(parts[0], next(iter(own)))
        return found

    def of(self, name: str) -> str:
        """The ingredient; what RxNorm's table leaves out stays as it is named, without its salt."""
        for known in (name, self.salts.get(name, "")):
            if known in SAME:
                return SAME[known]
            if known in self.ingredients:
                return known
        parts = name.replace(",", " ").split()
        # "abuse-deterrent oxycodone", "micronized fenofibrate": words on how it is made stand before the name.
        for start in range(1, len(parts)):
            rest = " ".join(parts[start:])
            if rest in self.ingredients or rest in self.salts:
                return self.of(rest)
        return SAME.get(without_salts(name), without_salts(name))


def without_salts(name: str) -> str:
    parts = name.split()
    while len(parts) > 1 and parts[-1] in SALTS:
        parts.pop()
    return " ".join(parts)


def listed_substances(data: Path) -> tuple[set[str], dict[str, set[str]]]:
    """FDA's approved substances that begin with A, and its proprietary names of what holds one of them."""
    names: set[str] = set()
    brands: dict[str, set[str]] = {}
    with (data / "product.txt").open(encoding="latin-1") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["MARKETINGCATEGORYNAME"] not in APPROVED or not row["PRODUCTTYPENAME"].startswith("HUMAN"):
                continue
            parts = {without_salts(part.lower()) for part in row["SUBSTANCENAME"].split("; ") if part}
            ours = {part for part in parts if part.startswith("a")}
            names |= ours
            brand = words(row["PROPRIETARYNAME"])
            if ours and brand and not any(words(part).split()[0] in brand for part in parts):
                brands.setdefault(brand, set()).update(parts)
    return names, brands


def vocabulary(rows: list[Row], data: Path) -> dict[str, tuple[str, ...]]:
    """Every name, and the ingredients that it stands for."""
    substances, listed_brands = listed_substances(data)
    bases = Bases(rows, substances)
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(bases.ingredients):
        found[words(name)] = (words(SAME.get(name, name)),)
    for name, base in sorted(bases.salts.items()):
        found.setdefault(words(name), (words(SAME.get(name, SAME.get(base, base))),))
    brands: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        brand = re.search(r"\[([^\]]+)\]$", row["name"]) if row["tty"] in {"SBD", "BPCK"} else None
        if brand:
            parts = {bases.of(part) for part in components(row["name"])} - {"inert ingredients"}
            brands[words(brand[1])] |= parts
    for brand_name, holds in (*sorted(brands.items()), *sorted(listed_brands.items())):
        parts = {words(bases.of(part)) for part in holds}
        if parts := {part for part in parts if not DESCRIPTION.match(part)}:
            found.setdefault(brand_name, tuple(sorted(parts)))
    for part in sorted({part for parts in found.values() for part in parts} | {"nitrofurantoin"}):
        found.setdefault(part, (part,))
    # Our own list names the two forms of Macrobid one by one.
    found["macrocrystals"] = ("nitrofurantoin",)
    return {
        name: parts
        for name, parts in found.items()
        if not (set(name.split()) <= ORDINARY or len(name) < 3 or LEFT_OUT.search(" ".join((name, *parts))))
    }


def main(table: Path, data: Path) -> None:
    """Write vocabulary.tsv and say how much is in it."""
    found = vocabulary(rxnorm(table), data)
    with TARGET.open("w", newline="") as file:
        file.write(HEADER)
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        writer.writerow(["name", "ingredients"])
        writer.writerows((name, ";".join(parts)) for name, parts in sorted(found.items()))
    print(f"{len(found)} names of {len({part for parts in found.values() for part in parts})} ingredients")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
