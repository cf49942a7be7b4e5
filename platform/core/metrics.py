"""Figures for Prometheus. Labels are route templates and codes, never ids."""

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

_requests = Counter(
    "carethread_requests_total", "Requests answered", ["method", "route", "status"], registry=REGISTRY
)
_seconds = Histogram(
    "carethread_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
alerts = Counter(
    "carethread_alerts_total", "Repeated refusals that raised an alert", ["by"], registry=REGISTRY
)
live_connections = Gauge("carethread_live_connections", "Open live streams", registry=REGISTRY)
pool_in_use = Gauge("carethread_pool_in_use", "Database connections in use", registry=REGISTRY)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    requests, histogram = _of(method, route, status)
    requests.inc()
    histogram.observe(seconds)


@cache
def _of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Where a request is counted: there are as many as routes and their statuses."""
    return _requests.labels(method, route, str(status)), _seconds.labels(route)


def exposition() -> bytes:
    """The figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
