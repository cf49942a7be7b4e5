"""The protocol's types for the browser: `python -m signaling.typescript > web/src/lib/call/protocol.ts`.

Made from the JSON Schema of `signaling.protocol`; a test fails when the file in web/ is not what this makes.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from signaling.limits import MAX_CANDIDATES, MAX_SDP_BYTES
from signaling.protocol import schema

HEAD: Final = (
    "/* Made by `python -m signaling.typescript` from signaling/protocol.py. Not edited by hand. */\n"
)
WIDTH: Final = 100


def typescript() -> str:
    """The whole file, in the form that the web's formatter leaves alone."""
    made = schema()
    parts = [
        HEAD,
        f"export const PROTOCOL_VERSION = {made['version']};",
        f"export const MAX_SDP_BYTES = {MAX_SDP_BYTES};",
        f"export const MAX_CANDIDATES = {MAX_CANDIDATES};\n",
        "export const CloseCode = {",
        *(f"  {name}: {value}," for name, value in made["closeCodes"].items()),
        "} as const;\n",
        *(_interface(name, body) for name, body in sorted(made["$defs"].items())),
        _messages("ClientMessage", made["$defs"]["ClientFrame"]),
        _messages("ServerMessage", made["$defs"]["ServerFrame"]),
    ]
    return "\n".join(line.rstrip() for part in parts for line in part.split("\n")).rstrip() + "\n"


def _interface(name: str, body: dict[str, Any]) -> str:
    if name in ("ClientFrame", "ServerFrame"):
        message = name.replace("Frame", "Message")
        return f"export interface {name} {{\n  seq: number;\n  ack: number;\n  message: {message};\n}}\n"
    required = body.get("required", [])
    lines = list(_doc(body.get("description")))
    lines.append(f"export interface {name} {{")
    for field, shape in body["properties"].items():
        mark = "" if field in required else "?"
        lines.append(_wrapped(f"  {field}{mark}:", _type(shape), indent="    "))
    return "\n".join([*lines, "}\n"])


def _doc(text: str | None) -> Iterator[str]:
    if text:
        lines = [line.strip() for line in text.splitlines()]
        yield from (
            [f"/** {lines[0]} */"] if len(lines) == 1 else ["/**", *(f" * {line}" for line in lines), " */"]
        )


def _messages(name: str, frame: dict[str, Any]) -> str:
    return _wrapped(f"export type {name} =", _type(frame["properties"]["message"]), indent="  ") + "\n"


def _wrapped(start: str, union: str, indent: str) -> str:
    line = f"{start} {union};"
    if len(line) <= WIDTH:
        return line
    return "\n".join([start, *(f"{indent}| {each}" for each in union.split(" | "))]) + ";"


def _type(shape: dict[str, Any]) -> str:
    match shape:
        case {"$ref": reference}:
            return str(reference).rpartition("/")[2]
        case {"enum": values}:
            return " | ".join("'" + json.dumps(value)[1:-1] + "'" for value in values)
        case {"anyOf": shapes}:
            return " | ".join(_type(each) for each in shapes)
        case {"type": "array", "items": items}:
            return f"{_type(items)}[]"
        case {"type": "integer" | "number"}:
            return "number"
        case {"type": ("string" | "boolean" | "null") as kind}:
            return str(kind)
    raise ValueError(f"no TypeScript for {shape}")


if __name__ == "__main__":
    sys.stdout.write(typescript())
