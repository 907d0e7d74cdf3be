"""The surface of the HTTP interface, as clients rely on it: a summary of the contract.

Run as a program, it writes the summary that the tests compare with.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine_at_hand import EngineAtHand
from serving import settings_of

from api.application import create_app
from kg.base import EmptyBase

__all__ = ["COMMAND", "FIXTURE", "find_growth", "find_losses", "read_surface", "surface_of"]

FIXTURE = Path(__file__).parent / "fixtures" / "api_v1_surface.json"
COMMAND = "python tests/api_surface.py"

_DEEPEST = 8
Json = dict[str, Any]


def read_contract() -> Json:
    """Return the contract of this version; no data is needed for it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        engine = EngineAtHand(EmptyBase(), home)
        contract: Json = create_app(settings_of(home), engine).openapi()
        return contract


def read_surface() -> Json:
    """Return the surface that is kept with the tests."""
    surface: Json = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return surface


def surface_of(contract: Json) -> Json:
    """Return the operations of a contract with their parameters, bodies and fields of answers."""
    schemas = contract.get("components", {}).get("schemas", {})
    return {
        f"{method.upper()} {path}": _operation(operation, schemas)
        for path, operations in sorted(contract["paths"].items())
        for method, operation in sorted(operations.items())
    }


def find_losses(old: Json, new: Json) -> Iterator[str]:
    """Yield what clients of the old surface would miss in the new one."""
    for name, operation in old.items():
        if name not in new:
            yield f"{name} is gone"
            continue
        yield from _lost_parameters(name, operation["parameters"], new[name]["parameters"])
        yield from _lost_types(name, "takes", operation["takes"], new[name]["takes"])
        yield from _lost_types(name, "gives", operation["gives"], new[name]["gives"])
        yield from _lost_fields(name, operation["fields"], new[name]["fields"])


def find_growth(old: Json, new: Json) -> Iterator[str]:
    """Yield the operations that are new or have something that is."""
    return (name for name in new if new[name] != old.get(name))


def _operation(operation: Json, schemas: Json) -> Json:
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    body = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return {
        "parameters": {
            f"{each['in']} {each['name']}": _parameter(each, schemas)
            for each in operation.get("parameters", ())
        },
        "takes": sorted(body),
        "gives": sorted(content),
        "fields": dict(sorted(_fields(schema, schemas))),
    }


def _parameter(parameter: Json, schemas: Json) -> Json:
    schema = _resolved(parameter["schema"], schemas)
    values = {value for each in _choices(schema, schemas) for value in each.get("enum", ())}
    return {
        "required": parameter.get("required", False),
        "type": _type(schema, schemas),
        **({"values": sorted(map(str, values))} if values else {}),
    }


def _fields(
    schema: Json, schemas: Json, path: str = "", depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Yield the fields of an answer by their paths, items of lists as ``[]``."""
    if depth > _DEEPEST:
        return
    for each in _choices(_resolved(schema, schemas), schemas):
        for name, field in each.get("properties", {}).items():
            below = f"{path}.{name}" if path else name
            yield below, _type(_resolved(field, schemas), schemas)
            yield from _fields(field, schemas, below, depth + 1)
        if "items" in each:
            yield from _fields(each["items"], schemas, f"{path}[]", depth + 1)


def _choices(schema: Json, schemas: Json) -> list[Json]:
    """Return a schema, or those that it is a choice or a sum of."""
    parts = [each for name in ("anyOf", "oneOf", "allOf") for each in schema.get(name, ())]
    below = [found for each in parts for found in _choices(_resolved(each, schemas), schemas)]
    return [schema, *below] if "properties" in schema or not below else below


def _resolved(schema: Json, schemas: Json) -> Json:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def _type(schema: Json, schemas: Json) -> str:
    found = {str(each.get("type", "any")) for each in _choices(schema, schemas)}
    return "|".join(sorted(found))


def _lost_parameters(name: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    for parameter, was in old.items():
        now = new.get(parameter)
        if now is None:
            yield f"{name}: the parameter {parameter} is gone"
            continue
        if now["required"] and not was["required"]:
            yield f"{name}: the parameter {parameter} is required now"
        if now["type"] != was["type"]:
            yield f"{name}: the parameter {parameter} was {was['type']} and is {now['type']}"
        values: list[str] = was.get("values", [])
        for value in sorted(set(values) - set(now.get("values", values))):
            yield f"{name}: the parameter {parameter} does not take {value!r} any more"
    for parameter, now in new.items():
        if now["required"] and parameter not in old:
            yield f"{name}: the new parameter {parameter} is required"


def _lost_types(name: str, verb: str, old: list[str], new: list[str]) -> Iterator[str]:
    return (f"{name} no longer {verb} {each}" for each in old if each not in new)


def _lost_fields(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for field, kind in old.items():
        if field not in new:
            yield f"{name}: the field {field} is gone"
        elif new[field] != kind:
            yield f"{name}: the field {field} was {kind} and is {new[field]}"


def write_surface(surface: Json) -> None:
    """Keep a surface with the tests, one operation a line."""
    lines = (f"{json.dumps(name)}: {json.dumps(each)}" for name, each in surface.items())
    FIXTURE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write_surface(surface_of(read_contract()))
    print(f"written: {FIXTURE.name}")
