"""The API process: every slice's routes behind the edge, and the web application's files."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from socket import socket

import uvicorn
import uvloop
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from app.accesses import my_accesses
from app.demo.routes import demo_people
from app.draft_routes import draft_key
from app.health import health_live, health_ready, metrics_text
from app.http_server import Punctual
from app.live_routes import live
from app.process.processes import BY_NAME
from app.registry import SLICES, all_subscribers
from app.web_files import Front
from app.work import routes as work_routes
from core import logs
from core.config import Settings, load_settings
from core.database.engine import check_bound
from core.edge.http_json import DecimalIsNumber, JsonAnswer, JsonRequest
from core.edge.middleware import Edge
from core.edge.problems import render
from core.edge.web import DEPENDENCIES, PUBLIC, check_labelled, route_opt
from core.live.hub import LiveHub
from core.logs import Log
from core.services import Services, open_services
from identity.factors import step_up
from identity.permissions import GRANTS
from identity.sessions.authentication import Authentication, streams_alive

log = Log("api")

SHUTDOWN_SECONDS = 5


def build_app(services: Services) -> Litestar:
    """The application on services that are open.

    Raises RuntimeError if a route declares no permission, ValueError if an event would reach nobody.
    """
    all_subscribers()
    hub = LiveHub(services, streams_alive)
    authentication = Authentication(services)
    routes = [route for each in SLICES for route in each.routes]
    app = Litestar(
        route_handlers=[
            live,
            draft_key,
            health_live,
            health_ready,
            metrics_text,
            my_accesses,
            *work_routes.ROUTES,
            demo_people,
            *routes,
        ],
        middleware=[
            Edge(
                services,
                authentication,
                {str(each): roles for each, roles in GRANTS.items()},
                step_up.before_write,
            )
        ],
        dependencies=dict(DEPENDENCIES),
        exception_handlers={Exception: render},
        request_class=JsonRequest,
        response_class=JsonAnswer,
        plugins=[DecimalIsNumber()],
        on_startup=[authentication.prepare],
        lifespan=[_reading(hub)],
        openapi_config=OpenAPIConfig(
            title="Carethread",
            version="1",
            openapi_router=Router(
                "/api/schema", route_handlers=[], include_in_schema=False, opt=route_opt(PUBLIC)
            ),
            render_plugins=[JsonRenderPlugin()],
        ),
        # The edge has read it before.
        request_max_body_size=None,
        logging_config=None,
    )
    app.state.services = services
    app.state.hub = hub
    check_labelled(app, GRANTS)
    return app


def _reading(hub: LiveHub):  # type: ignore[no-untyped-def]  # litestar's lifespan takes the context manager's factory
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        reader = asyncio.create_task(hub.run())
        try:
            yield
        finally:
            hub.end_all()
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    return lifespan


class ApiServer(uvicorn.Server):
    """Ends the live streams as soon as it is told to stop: uvicorn itself would wait for them to end.

    What is loaded at the start stays until the end, so the garbage collector leaves it alone: a full collection looks
    through all of it, and nobody is answered for 150 ms.
    """

    def __init__(self, config: uvicorn.Config, app: Litestar) -> None:
        super().__init__(config)
        self._app = app

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._app.state.hub.end_all()
        await super().shutdown(sockets)


def make_server(services: Services, host: str, port: int) -> ApiServer:
    """The server, not yet serving."""
    app = build_app(services)
    config = uvicorn.Config(
        Front(app, services.settings),
        host=host,
        port=port,
        http=partial(Punctual, services.settings),  # type: ignore[arg-type]  # it is only called
        # Signaling is a process of its own.
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=2000,
    )
    return ApiServer(config, app)


async def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop."""
    async with open_services(settings) as services:
        await check_bound(services.engine)
        log.info("listening", port=port)
        await make_server(services, host, port).serve()


def main(host: str = "127.0.0.1", port: int = 8000) -> None:
    """``carethread api``."""
    part = BY_NAME["api"]
    settings = load_settings(part.environment(os.environ), part.needs)
    logs.setup(settings.log_level)
    uvloop.run(serve(settings, host, port))
