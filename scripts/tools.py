"""Runs the tools that set a checkout up, and turns what goes wrong in them into one sentence."""

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.process.progress import SetupError, Step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
WEB = ROOT / "web"
LOGS = ROOT / "build" / "logs"

Version = tuple[int, int, int]
# What Vite's package.json names under "engines".
NODE_20: Version = (20, 19, 0)
NODE_21: Version = (21, 0, 0)
NODE_22: Version = (22, 12, 0)


class ToolFailed(Exception):
    """A tool ended with an error. `said` holds its last lines."""

    def __init__(self, said: list[str], log: Path) -> None:
        super().__init__()
        self.said = said
        self.log = log.relative_to(ROOT)


def pip(step: Step, *arguments: str) -> None:
    """`pip install` into the virtual environment, and nothing that was not built beforehand."""
    command = [str(BIN / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    try:
        run(step, "pip", [*command, "--progress-bar", "off", *arguments], ROOT, _pip_note)
    except ToolFailed as failed:
        errors = [line.removeprefix("ERROR: ") for line in failed.said if line.startswith("ERROR: ")]
        why = errors[-1] if errors else failed.said[-1]
        raise SetupError(
            f"The Python packages could not be installed: {why.rstrip('.')}. Check the connection, or pip's "
            f"settings for a mirror or proxy, and run this again; what pip said is in {failed.log}."
        ) from None


def quick_pip(step: Step, *arguments: str) -> None:
    """`pip install`, by uv where that is possible: a seventh of the time. uv does not read pip's settings, so
    where those name a mirror, or where uv fails for any reason, it is pip after all."""
    uv = BIN / "uv"
    if uv.exists() and not _has_mirror():
        # The machine's certificates and not only uv's own: a company's proxy may have added one.
        command = [str(uv), "pip", "install", "--system-certs", "--python", str(BIN / "python"), *arguments]
        try:
            return run(step, "uv", command)
        except ToolFailed:
            step.note("uv could not; trying pip")
    pip(step, *arguments)


def _has_mirror() -> bool:
    command = [str(BIN / "python"), "-m", "pip", "config", "list"]
    settings = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - our own
    return re.search(r"\.index-url=", settings) is not None


def npm(step: Step, *arguments: str) -> None:
    """Run npm in web/, with the Node that `node_version` finds."""
    try:
        run(step, "npm", [_program("npm") or "npm", *arguments], WEB)
    except ToolFailed as failed:
        raise SetupError(
            f"`npm {' '.join(arguments[:2])}` failed: {_npm_reason(failed.said).rstrip('.')}. Check the connection, "
            f"or npm's settings for a mirror or proxy, and run this again; what it said is in {failed.log}."
        ) from None


def _npm_reason(said: list[str]) -> str:
    """The first sentence among npm's errors; the codes before it mean little to most people."""
    errors = [line.removeprefix("npm error").strip() for line in said if line.startswith("npm error")]
    sentences = [
        line for line in errors if line and not re.match(r"(code|errno|syscall|path|dest|command)\b", line)
    ]
    return (sentences or errors or said)[0]


def node_version() -> Version | None:
    """The version of the Node that npm would run on; None when either is missing."""
    node = _program("node")
    if node is None or _program("npm") is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on the PATH
    numbers = re.match(r"v(\d+)\.(\d+)\.(\d+)", answer.stdout)
    return (int(numbers[1]), int(numbers[2]), int(numbers[3])) if numbers else None


def is_recent(node: Version | None) -> bool:
    return node is not None and (NODE_20 <= node < NODE_21 or node >= NODE_22)


def _program(name: str) -> str | None:
    return shutil.which(name, path=path())


def path() -> str:
    """Where programs are looked for: a Node from a wheel lives in the virtual environment."""
    return f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def run(
    step: Step, name: str, command: list[str], folder: Path = ROOT, note: Callable[[str], str] = str.strip
) -> None:
    """Run a tool, its words into build/logs/<name>.log, the latest one beside the step."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    said: deque[str] = deque(maxlen=200)
    with (
        log.open("a") as out,
        subprocess.Popen(  # noqa: S603 - our own command, without a shell
            command,
            cwd=folder,
            env={**os.environ, "PATH": path()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as child,
    ):
        print("$", *command, file=out, flush=True)
        for line in child.stdout or ():
            out.write(line)
            if line.strip():
                said.append(line.strip())
                step.note(note(line))
    if child.returncode:
        raise ToolFailed(list(said) or ["it said nothing"], log)


def _pip_note(line: str) -> str:
    """`Collecting litestar==2.25.0 (from -r ...)` is shown as `litestar 2.25.0`."""
    found = re.match(r"\s*(?:Collecting|Downloading|Using cached) ([A-Za-z0-9_.]+)[-=]+([0-9][^\s-]*)", line)
    return f"{found[1]} {found[2]}" if found else line.strip()
