"""What the platform writes down in the audit, read from its source."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ONE, SEVERAL = "patient_id", "patients"
SOURCES = {file: file.read_text() for file in sorted((ROOT / "platform").rglob("*.py"))}


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(SOURCES[file])


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _functions(tree: ast.AST) -> Iterator[ast.AsyncFunctionDef | ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef))


def _names(call: ast.Call, whom: str) -> bool:
    """The values for a statement that writes the row itself always are about one patient."""
    named = any(keyword.arg == whom for keyword in call.keywords)
    one = isinstance(call.func, ast.Attribute) and call.func.attr == "parameters"
    return named or (one and whom == ONE)


def _writes_audit(call: ast.Call) -> bool:
    """`audit.log(session, action, patient_id=...)`, or the values for a statement that writes the row itself."""
    match call.func:
        case ast.Attribute(ast.Name("audit"), "log"):
            return True
        case ast.Attribute(ast.Name("audit"), "parameters"):
            return True
    return False


def _named(call: ast.Call) -> str | None:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return None


def _actions_of(
    file: Path, function: ast.AsyncFunctionDef | ast.FunctionDef, whom: str | None
) -> Iterator[str]:
    """The actions that a function writes: said there, handed to it by its callers, or the names of events."""
    for call in filter(_writes_audit, _calls(function)):
        if whom and not _names(call, whom):
            continue
        match call.args[1]:
            case ast.Constant(str(action)):
                yield action
            case ast.Attribute(attr="name"):
                yield from _event_names(file.parent / "events.py")
            case ast.Attribute(ast.Name("step"), "value"):
                yield from _step_names(file.parent / "timeline.py")
            case _:
                yield from _handed_to(file.parent, function.name)


def _event_names(file: Path) -> Iterator[str]:
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.ClassDef):
            of_one_patient = not any(isinstance(base, ast.Name) and base.id == "Event" for base in node.bases)
            tags = [str(ast.literal_eval(each.value)) for each in node.keywords if each.arg == "tag"]
            yield from tags if of_one_patient else ()


def _step_names(file: Path) -> Iterator[str]:
    for node in ast.walk(_tree(file)):
        match node:
            case ast.Assign(value=ast.Constant(str(name))) if "." in name:
                yield name


def _handed_to(package: Path, function: str) -> Iterator[str]:
    for file, source in SOURCES.items():
        if file.is_relative_to(package) and function in source:
            for call in _calls(_tree(file)):
                if _named(call) == function:
                    yield from _said_in(call)


def _said_in(call: ast.Call) -> Iterator[str]:
    for node in (each for arg in call.args for each in ast.walk(arg)):
        # One that is put together at run time could not be found here, nor by whoever searches for it.
        assert not isinstance(node, ast.JoinedStr), ast.unparse(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield node.value


@cache
def recorded(whom: str | None = None) -> frozenset[str]:
    """The actions that are written; if only they are asked for, those about `ONE` patient, or that show `SEVERAL`."""
    return frozenset(
        action
        for file, source in SOURCES.items()
        if "audit." in source
        for function in _functions(_tree(file))
        for action in _actions_of(file, function, whom)
    )


def flat(words: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The keys of a catalogue, `visit.read` for `{"visit": {"read": ...}}`."""
    for key, value in words.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key
