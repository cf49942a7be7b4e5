"""The resource types that the record keeps: one for each file in `types`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from chart.record import types
from chart.record.spec import ResourceSpec


def _found() -> dict[str, ResourceSpec]:
    modules = (import_module(f"{types.__name__}.{each.name}") for each in iter_modules(types.__path__))
    specs: list[ResourceSpec] = [module.SPEC for module in modules]
    return {spec.type: spec for spec in specs}


SPECS: Mapping[str, ResourceSpec] = _found()
"""By the name of the type. Read it when it is needed: `SPECS[resource["resourceType"]]`."""
