"""Gather (RxCUI, clinical drug name) pairs from packages that took them from RxNorm (see README.md)."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
CLINICAL_DRUG = re.compile(
    r"\d.*(Tablet|Capsule|Solution|Suspension|Cream|Ointment|Gel|Inhaler|System|Injector|Spray)\b"
)
CAREBUNDLE_CODE = re.compile(r'systems\.RXNORM,\s*"(\d+)",\s*"([^"]+)"')


def codes(node: object) -> Iterator[tuple[str, str]]:
    """Every RxNorm coding in a Synthea module, at any depth."""
    if isinstance(node, dict):
        if str(node.get("system", "")).lower().startswith("rxnorm"):
            yield str(node.get("code")), str(node.get("display"))
        for value in node.values():
            yield from codes(value)
    elif isinstance(node, list):
        for value in node:
            yield from codes(value)


def normal(name: str) -> str:
    """A name without the differences that mean nothing: case ('predniSONE') and doubled spaces."""
    return re.sub(r"\s+", " ", name).strip().lower()


def main(packages: Path) -> None:
    """Write rxcui.tsv: one clinical drug a line, branded names and ambiguous ones left out."""
    found: dict[str, dict[str, str]] = {}
    for module in sorted((packages / "synthea" / "resources" / "modules").rglob("*.json")):
        for code, name in codes(json.loads(module.read_text())):
            found.setdefault(normal(name), {})[code] = "synthea"
    text = (packages / "carebundle" / "terminology" / "codes.py").read_text()
    for code, name in CAREBUNDLE_CODE.findall(text):
        found.setdefault(normal(name), {})[code] = "carebundle"
    lines = [
        f"{name}\t{code}\t{source}"
        for name, by_code in sorted(found.items())
        for code, source in by_code.items()
        if len(by_code) == 1 and "[" not in name and CLINICAL_DRUG.search(name.title())
    ]
    (HERE / "rxcui.tsv").write_text("name\trxcui\tsource\n" + "\n".join(lines) + "\n")
    print(f"{len(lines)} clinical drugs with one RxCUI each")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
