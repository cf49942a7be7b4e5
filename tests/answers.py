"""Every answer that any test gets is held against the OpenAPI schema: its status, its media type, its content.

A new route is in here by being registered, once a test calls it.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import jsonschema_rs
from litestar import Litestar
from litestar.routes import HTTPRoute

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCHEMA = "urn:carethread:openapi"
"""The name under which the answers' schemas find what they share, which is read once."""
_PARAMETER = re.compile(r"\{[^}]+\}")


class Declared:
    """What an application says that it answers."""

    def __init__(self, app: Litestar) -> None:
        text = json.dumps(app.openapi_schema.to_schema()).replace(
            '"#/components/', f'"{_SCHEMA}#/components/'
        )
        schema: dict[str, Any] = json.loads(text)
        self._paths: dict[str, Any] = schema["paths"]
        components = {"$schema": _DIALECT, "components": schema["components"]}
        self._registry = jsonschema_rs.Registry([(_SCHEMA, components)])
        # Those without parameters come first.
        ordered = sorted(self._paths, key=lambda path: path.count("{"))
        self._patterns = [(re.compile(_PARAMETER.sub("[^/]+", path)), path) for path in ordered]
        self._validators: dict[tuple[str, ...], jsonschema_rs.Validator] = {}

    async def check(self, answer: httpx.Response) -> None:
        """A response hook of httpx. Raises AssertionError where the answer is another than was declared."""
        method = answer.request.method.lower()
        path = next((path for fits, path in self._patterns if fits.fullmatch(answer.request.url.path)), "")
        operation = self._paths.get(path, {}).get(method)
        if operation is None:
            return
        where = f"{method.upper()} {path} {answer.status_code}"
        responses, status = operation["responses"], str(answer.status_code)
        if status not in responses and answer.is_error:
            status = "default"
        assert status in responses, f"{where} is not declared"
        content = responses[status].get("content", {})
        body = await answer.aread()
        media_type = answer.headers.get("content-type", "").split(";")[0]
        if not body:
            assert not content, f"{where} is empty, and declares {list(content)}"
            return
        assert media_type in content, f"{where} is {media_type!r}, and declares {list(content)}"
        if media_type.endswith("json"):
            validator = self._validator(content[media_type]["schema"], where, media_type)
            found = next(validator.iter_errors(json.loads(body)), None)
            assert found is None, f"{where}: {found}"

    def _validator(self, schema: Any, *key: str) -> jsonschema_rs.Validator:
        if key not in self._validators:
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                schema, validate_formats=True, registry=self._registry
            )
        return self._validators[key]


_known: dict[frozenset[Any], Declared] = {}


def declared(app: Litestar) -> Callable[[httpx.Response], Awaitable[None]]:
    """The check of an application's answers. Applications with the same handlers declare the same, whatever services
    they stand on, and describing them takes twice as long as making them. Some handlers are made with their
    application, so they are known by name."""
    handlers = frozenset(
        (route.path_format, method, handler.fn.__module__, handler.fn.__qualname__)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
    )
    if handlers not in _known:
        _known[handlers] = Declared(app)
    return _known[handlers].check
