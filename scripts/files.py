"""Writes docs/files.md: every file of the product with the first sentence that it says of itself.

python -m scripts.files    write it
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from scripts.tools import ROOT

PAGE = ROOT / "docs" / "files.md"

HEAD = """# The files

Each file of the product, with the first sentence of its docstring or comment: search this page for the words of what
you want to change. It is made from the files (`make files`). Left out are the tests themselves, which mirror the
packages, the migrations, style sheets, and the catalogues of texts (`messages/en.json`, `es.json` of each feature).
"""

_CODE = frozenset({".py", ".ts", ".tsx"})
_ALL = _CODE | {".json", ".tsv", ".typ", ".cfg", ".conf", ".txt", ".xsd"}
_ROOTS = {
    "deploy": _ALL,
    "platform": _ALL,
    "scripts": _CODE,
    "signaling": _ALL,
    "tests": _CODE,
    "tools": _CODE,
    "web/src": _ALL,
}
_LEFT_OUT = re.compile(
    r"/(__pycache__|node_modules|versions|messages|fixtures)/|(^|/)(test_[^/]*|__init__\.py)$|\.test\.tsx?$|\.d\.ts$"
)
_WIDEST = 160


def page() -> str:
    """The page for the files of this checkout."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(map(PurePosixPath, _names()), key=lambda path: (path.parent.parts, path.name)):
        folders[str(path.parent)].append(f"- `{path.name}` {_about(ROOT / path)}".rstrip())
    return HEAD + "".join(f"\n## {folder}\n\n" + "\n".join(lines) + "\n" for folder, lines in folders.items())


def _names() -> Iterator[str]:
    for root, kinds in _ROOTS.items():
        for path in (ROOT / root).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in kinds and not _LEFT_OUT.search(name):
                yield name


def _about(path: Path) -> str:
    """What a file says of itself in one sentence; nothing where its name says it all."""
    if path.suffix == ".py":
        said = re.match(r'"""(.*?)"""', path.read_text(), re.DOTALL)
        return _sentence(said[1]) if said else ""
    return _of_component(path) if path.suffix in {".ts", ".tsx"} else ""


def _of_component(path: Path) -> str:
    """The comment at the head of a file, or else the one of what is named as the file is, or else the first."""
    text = path.read_text()
    comments = r"/\*\*?(?:(?!\*/).)*\*/"
    head = re.search(rf"\A(?:import[^;]*;\s*)*({comments})\s*\n\s*\n", text, re.DOTALL)
    of_name = re.search(
        rf"({comments})\s*export (?:default )?(?:async )?(?:function|class|const) {re.escape(path.stem)}\b",
        text,
        re.DOTALL,
    )
    first = re.search(
        rf"^({comments})\s*export (?:async )?(?:function|class|const)", text, re.DOTALL | re.MULTILINE
    )
    said = head or of_name or first
    return _sentence(re.sub(r"^/\*+|\*/$|^\s*\*\s?", "", said[1], flags=re.MULTILINE)) if said else ""


def _sentence(text: str) -> str:
    whole = " ".join(text.strip().split("\n\n")[0].split())
    end = re.search(r"[.!?](?=\s+[A-Z'`]|$)", whole)
    sentence = whole[: end.end()] if end else whole
    return sentence if len(sentence) <= _WIDEST else sentence[:_WIDEST].rsplit(" ", 1)[0] + " …"


def main() -> None:
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
