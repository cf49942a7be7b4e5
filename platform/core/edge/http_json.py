"""JSON over HTTP whose numbers keep their digits: Litestar's own reads floats, and makes text of a `Decimal`."""

from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.serialization import default_serializer
from litestar.types import Serializer
from litestar.typing import FieldDefinition

from core import json

T = TypeVar("T")
_encoder = msgspec.json.Encoder(enc_hook=default_serializer, decimal_format="number")


class JsonRequest(Request[Any, Any, Any]):
    """A request whose JSON holds a `Decimal` for each number with a point or an exponent."""

    async def json(self) -> Any:
        return json.decode_body(await self.body() or b"null")


class JsonAnswer(Response[T]):
    """What a handler returned."""

    def render(self, content: Any, media_type: str, enc_hook: Serializer = default_serializer) -> bytes:
        if (media_type == MediaType.JSON or media_type.endswith("+json")) and not isinstance(content, bytes):
            return _encoder.encode(content)
        return super().render(content, media_type, enc_hook)


class DecimalIsNumber(OpenAPISchemaPlugin):
    """Declares a `Decimal` as the number that it is."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is Decimal

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        return Schema(type=OpenAPIType.NUMBER)
