"""The browser speaks the protocol that the server speaks."""

from pathlib import Path

from signaling.typescript import typescript

WEB = Path(__file__).parents[2] / "web" / "src" / "lib" / "call" / "protocol.ts"


def test_the_types_in_the_web_are_those_of_the_protocol() -> None:
    assert WEB.read_text() == typescript(), (
        "run: python -m signaling.typescript > web/src/lib/call/protocol.ts"
    )
