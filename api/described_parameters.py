"""What the contract says of the parameters of addresses, found without making the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_origin

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

__all__ = ["Operations", "operations_of"]

Operations = dict[str, dict[str, Any]]
"""By path and method in small letters, as in a contract: no more than ``parameters`` of each."""

_LISTS = (list, tuple, set, frozenset)


def operations_of(routers: Iterable[APIRouter]) -> Operations:
    """Return the operations of routers: those that a contract would describe, in its order.

    To make the contract takes seconds, and most requests ask no more of it than this.
    """
    found: Operations = {}
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    operation = {"parameters": [*_parameters(route)]}
                    found.setdefault(route.path_format, {})[method.lower()] = operation
    return found


def _parameters(route: APIRoute) -> Iterator[dict[str, Any]]:
    for name, annotation in _queried(route.dependant):
        is_list = get_origin(annotation) in _LISTS or annotation in _LISTS
        schema = {"type": "array"} if is_list else {}
        yield {"name": name, "in": "query", "schema": schema}
    yield from (route.openapi_extra or {}).get("parameters", ())


def _queried(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    """Yield the names of parameters, with their types: of a model, those of its fields."""
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, each in annotation.model_fields.items():
                yield each.alias or name, each.annotation
        else:
            yield field.alias, annotation
    for below in dependant.dependencies:
        yield from _queried(below)
