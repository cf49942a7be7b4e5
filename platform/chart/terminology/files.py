"""The data files beside this module and how their lines read."""

import hashlib
import lzma
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"
ICD10_FILE = DATA / "icd10cm.tsv.xz"
LAY_FILE = DATA / "lay_terms.tsv"
SYNONYMS_FILE = DATA / "synonyms.tsv"
LOINC_FILE = DATA / "loinc.tsv"


def rows_of(path: Path) -> Iterator[list[str]]:
    """The tab-separated fields of each line that is not a comment."""
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    for line in raw.decode().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def fingerprint() -> str:
    """SHA-256 over the data that is loaded into tables, to know whether they already hold it."""
    return hashlib.sha256(
        b"".join(file.read_bytes() for file in (ICD10_FILE, LAY_FILE, SYNONYMS_FILE))
    ).hexdigest()
