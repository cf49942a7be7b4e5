"""Text in the product's two languages."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["en", "es"]


class Text(msgspec.Struct, frozen=True):
    """One text in the two languages of the product."""

    en: str
    es: str

    def in_(self, language: str) -> str:
        """The text for a language tag such as `es-MX`; English when there is no other."""
        return self.es if language.lower().startswith("es") else self.en
