"""Writes what the web knows of the API: web/openapi.json, and the types that are made from it.

python -m scripts.api            write both
python -m scripts.api --check    fail if either is not what the code would write
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app.commands.describe import openapi_json
from scripts.tools import WEB, path

SCHEMA = WEB / "openapi.json"
TYPES = WEB / "src" / "lib" / "api" / "schema.d.ts"


def write(schema: Path, types: Path) -> None:
    schema.write_text(openapi_json() + "\n")
    generator = WEB / "node_modules" / ".bin" / "openapi-typescript"
    subprocess.run(  # noqa: S603 - our own tool
        [generator, schema, "--output", types],
        env={**os.environ, "PATH": path()},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def stale() -> list[Path]:
    """The files that are not what `write` would make them now."""
    with tempfile.TemporaryDirectory() as folder:
        schema, types = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        write(schema, types)
        pairs = ((SCHEMA, schema), (TYPES, types))
        return [kept for kept, made in pairs if not kept.exists() or kept.read_text() != made.read_text()]


def main() -> None:
    if "--check" not in sys.argv:
        write(SCHEMA, TYPES)
        return
    if files := stale():
        names = " and ".join(str(file.relative_to(WEB.parent)) for file in files)
        sys.exit(f"The API has changed: run `make api` and commit {names}.")


if __name__ == "__main__":
    main()
