"""The mutants of a module: each is the module with one small thing wrong, of a kind that people get wrong.

What is changed is what decides: comparisons, conditions, numbers, codes, members of a set or a table, named arguments,
steps that are left out. Annotations, documentation and what only a log says stay as they are.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
TURNED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
OTHER = {"min": "max", "max": "min", "any": "all", "all": "any"}
CONDITIONS = frozenset({"where", "filter", "and_", "or_", "having", "join"})
"""Calls whose positional arguments are conditions, each of which may be forgotten."""

SHOWN = 90

At = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One change of a module. `name` says where and what, and no line, so it stays the same when others move."""

    module: Path
    name: str
    line: int
    at: At
    node: ast.AST | None
    """What stands there now; None where a member of a list is gone."""
    body: ast.AST | None
    """The function in whose body it is: it can be given that when everything is imported."""

    @property
    def may_run_at_import(self) -> bool:
        """Whether whoever has imported the module may have what the function made then."""
        return not isinstance(self.body, ast.AsyncFunctionDef)

    def tree(self) -> ast.Module:
        """The module with the change."""
        tree = ast.parse(self.module.read_text())
        parent, last = _step(tree, self.at[:-1]), self.at[-1]
        field, index = last
        if index is None:
            setattr(parent, field, self.node)
        elif self.node is None:
            del getattr(parent, field)[index]
            if isinstance(parent, ast.Dict):
                del parent.values[index]
        else:
            getattr(parent, field)[index] = self.node
        return ast.fix_missing_locations(tree)


def mutants_of(module: Path, shown: str) -> list[Mutant]:
    """All mutants of a file, in its order. `shown` is its path as names tell it."""
    found = []
    seen: Counter[str] = Counter()
    tree = ast.parse(module.read_text())
    for at, where, line, before, node in _changes(tree, (), ""):
        after = ast.unparse(node) if node is not None else "nothing"
        name = f"{shown} {where or 'module'}: {_short(before)} -> {_short(after)}"
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        found.append(Mutant(module, name, line, at, node, _body_of(tree, at)))
    return found


Change = tuple[At, str, int, str, ast.AST | None]


def _changes(node: ast.AST, at: At, where: str) -> Iterator[Change]:
    if _is_documentation(node) or _is_silent(node) or _is_for_types(node):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}" if where else node.name
    for path, before, after in _mutations(node):
        yield (*at, *path), where, getattr(before, "lineno", 0), ast.unparse(before), after
    for step, child in _children(node):
        if not _is_apart(node, step[0]) and not _is_key(node, step[0]):
            yield from _changes(child, (*at, step), where)


def _mutations(node: ast.AST) -> Iterator[tuple[At, ast.AST, ast.AST | None]]:
    """What may be wrong with this node itself: where beneath it, what it was, what it is."""
    match node:
        case ast.Compare(ops=[*ops]):
            for index, op in enumerate(ops):
                if type(op) in FLIPPED:
                    changed = copy.deepcopy(node)
                    changed.ops[index] = FLIPPED[type(op)]()
                    yield (), node, changed
        case ast.BoolOp(values=[*values]):
            yield from _without_each(node, "values", values)
        case ast.UnaryOp(op=ast.Not()):
            yield (), node, node.operand
        case ast.BinOp(op=op) if type(op) in TURNED:
            yield (), node, ast.BinOp(node.left, TURNED[type(op)](), node.right)
        case ast.Constant(value=bool() as value):
            yield (), node, ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield (), node, ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield (), node, ast.Constant(value + "~")
            yield from _sql_conditions(node, value)
        case ast.Constant(value=bytes() as value):
            yield (), node, ast.Constant(value + b"~")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not _flips(test):
            yield (("test", None),), test, ast.UnaryOp(ast.Not(), test)
        case ast.comprehension(ifs=[*ifs]):
            yield from _without_each(node, "ifs", ifs)
        case ast.Set(elts=[*members]) | ast.List(elts=[*members], ctx=ast.Load()):
            yield from _without_each(node, "elts", members)
        case ast.Tuple(elts=[_, _, *_] as members, ctx=ast.Load()):
            yield from _without_each(node, "elts", members)
        case ast.Dict(keys=[*keys]):
            for index, key in enumerate(keys):
                yield (("keys", index),), key or node.values[index], None
        case ast.Call():
            yield from _of_call(node)
    for field in ("body", "orelse", "finalbody"):
        yield from _left_out(node, field)


def _sql_conditions(node: ast.Constant, sql: str) -> Iterator[tuple[At, ast.AST, ast.AST | None]]:
    """A statement that forgets one of its conditions."""
    first, *others = sql.split(" AND ")
    for index in range(len(others)):
        kept = [first, *others[:index], *others[index + 1 :]]
        yield (), ast.Constant(f"AND {others[index]}"), ast.Constant(" AND ".join(kept))


def _of_call(node: ast.Call) -> Iterator[tuple[At, ast.AST, ast.AST | None]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in OTHER and isinstance(node.func, ast.Name):
        yield (("func", None),), node.func, ast.Name(OTHER[called], ast.Load())
    if called in CONDITIONS:
        yield from _without_each(node, "args", node.args)
    yield from _without_each(node, "keywords", node.keywords)


def _without_each(
    node: ast.AST, field: str, members: Iterable[ast.AST]
) -> Iterator[tuple[At, ast.AST, ast.AST | None]]:
    members = list(members)
    for index, member in enumerate(members):
        if isinstance(node, ast.BoolOp) and len(members) == 2:
            yield (), node, members[1 - index]
        else:
            yield ((field, index),), member, None


def _left_out(node: ast.AST, field: str) -> Iterator[tuple[At, ast.AST, ast.AST | None]]:
    """Steps that only do something, each left out."""
    steps = getattr(node, field, None)
    if not isinstance(steps, list):
        return
    for index, step in enumerate(steps):
        does = isinstance(step, ast.Expr) and isinstance(step.value, ast.Call | ast.Await)
        if (
            does or isinstance(step, ast.Raise | ast.AugAssign | ast.Continue | ast.Break)
        ) and not _is_silent(step):
            yield ((field, index),), step, ast.Pass()


def _flips(test: ast.AST) -> bool:
    """Whether turning the condition around is already among the changes of the condition itself."""
    match test:
        case ast.Compare(ops=[op]):
            return type(op) in (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
        case ast.UnaryOp(op=ast.Not()):
            return True
    return False


def _is_documentation(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_silent(node: ast.AST) -> bool:
    """What only a log says, or only the check of types hears; and how a class keeps its fields."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log")))):
            return True
        case ast.Call(func=ast.Name(id="Log" | "NewType" | "TypeVar" | "cast" | "deprecated" | "dataclass")):
            return True
    return False


def _is_apart(node: ast.AST, field: str) -> bool:
    """What decides nothing: annotations, and how a class keeps its fields."""
    return field in ("annotation", "returns", "type_params") or (
        field == "keywords" and isinstance(node, ast.ClassDef)
    )


def _is_for_types(node: ast.AST) -> bool:
    """What nobody asks while the code runs: imports for the checker of types, and names of types."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(value=ast.Subscript(value=ast.Name(id="Callable" | "Mapping" | "dict" | "tuple"))):
            return True
    return False


def _is_key(node: ast.AST, field: str) -> bool:
    """A wrong name in brackets fails at once, wherever it is."""
    return field == "slice" and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)


def _children(node: ast.AST) -> Iterator[tuple[tuple[str, int | None], ast.AST]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield (field, None), value
        elif isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield (field, index), each


def _step(node: ast.AST, path: At) -> ast.AST:
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def _body_of(node: ast.AST, at: At) -> ast.AST | None:
    """The innermost function in whose body the place is."""
    found = None
    for field, index in at:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and field == "body":
            found = node
        node = _step(node, ((field, index),))
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 3] + "..."
