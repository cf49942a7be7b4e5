"""What tells the medicines of one release from another's, without reading them: a start asks this each time."""

import hashlib
from pathlib import Path

_HERE = Path(__file__).parent
# The rows are made from the file by these modules.
_MADE_FROM = ("../data/drugs.tsv", "formulary.py", "forms.py", "loading.py", "sig.py", "sig_words.py")


def fingerprint() -> str:
    """SHA-256 over all that the table of medicines is made from."""
    return hashlib.sha256(b"".join((_HERE / each).read_bytes() for each in _MADE_FROM)).hexdigest()
