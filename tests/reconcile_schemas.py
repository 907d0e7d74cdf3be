"""What version 0.2 of the Reconciliation Service API demands of answers, as JSON schemas.

They state what the schemas of the specification do, in words of this project, and are stricter:
no key beside those of the specification, no empty id. Where RECONCILIATION_SCHEMAS names a folder
with the schemas of the specification themselves (``0.2/schemas``), answers must keep to these too.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

__all__ = ["check"]

Json = dict[str, Any]
_PUBLISHED = "RECONCILIATION_SCHEMAS"
_PLACE = "https://reconciliation-api.github.io/specs/0.2/schemas/"

TEXT: Json = {"type": "string", "minLength": 1}
ADDRESS: Json = {"type": "string", "pattern": "^https?://"}
TEMPLATE: Json = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
TYPE: Json = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "broader": {"type": "array", "items": {"$ref": "#/$defs/type"}},
    },
}


def _object(required: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {**required, **(optional or {})},
    }


def _list(items: Json, **more: Any) -> Json:
    return {"type": "array", "items": items, **more}


def _each(value: Json) -> Json:
    return {"type": "object", "additionalProperties": value}


SHORT_TYPE = _object({"id": TEXT, "name": TEXT})
SUGGEST = _object(
    {"service_url": ADDRESS, "service_path": {"type": "string", "pattern": "^/"}},
    {
        "flyout_service_url": ADDRESS,
        "flyout_service_path": {"type": "string", "pattern": r"^/.*\$\{id\}"},
    },
)
_SETTING = {"name": TEXT, "label": TEXT}
SETTING: Json = {
    "oneOf": [
        _object(
            {**_SETTING, "type": {"const": type_}, **more},
            {"default": {"type": default}, "help_text": TEXT},
        )
        for type_, default, more in (
            ("number", "number", {}),
            ("text", "string", {}),
            ("checkbox", "boolean", {}),
            ("select", "string", {"choices": _list(_object({"value": TEXT, "name": TEXT}))}),
        )
    ]
}
CANDIDATE = _object(
    {"id": TEXT, "name": TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    {
        "description": {"type": "string"},
        "match": {"type": "boolean"},
        "type": _list(SHORT_TYPE),
        "features": _list(_object({"id": TEXT, "value": {"type": ["number", "boolean"]}})),
    },
)
CELL: Json = {
    "oneOf": [
        _object({"id": TEXT, "name": TEXT}, {"description": {"type": "string"}}),
        _object({"str": {"type": "string"}}),
        _object({"float": {"type": "number"}}),
        _object({"int": {"type": "integer"}}),
        _object({"date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}}),
    ]
}
PROPERTY = _object({"id": TEXT, "name": TEXT}, {"description": {"type": "string"}})

SCHEMAS: dict[str, Json] = {
    "manifest": _object(
        {
            "versions": _list(TEXT, contains={"const": "0.2"}),
            "name": TEXT,
            "identifierSpace": ADDRESS,
            "schemaSpace": ADDRESS,
        },
        {
            "documentation": ADDRESS,
            "serviceVersion": TEXT,
            "logo": ADDRESS,
            "defaultTypes": _list({"$ref": "#/$defs/type"}, uniqueItems=True),
            "view": _object({"url": TEMPLATE}),
            "feature_view": _object({"url": TEMPLATE}),
            "preview": _object(
                {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}
            ),
            "suggest": _object({}, {"entity": SUGGEST, "type": SUGGEST, "property": SUGGEST}),
            "extend": _object(
                {}, {"propose_properties": SUGGEST, "property_settings": _list(SETTING)}
            ),
            "batchSize": {"type": "integer", "minimum": 1},
        },
    ),
    "reconciliation-result-batch": _each(_object({"result": _list(CANDIDATE)})),
    "suggest-entities-response": _object(
        {
            "result": _list(
                _object(
                    {"id": TEXT, "name": TEXT},
                    {"description": {"type": "string"}, "notable": _list(SHORT_TYPE)},
                )
            )
        }
    ),
    "suggest-types-response": _object({"result": _list({"$ref": "#/$defs/type"})}),
    "suggest-properties-response": _object({"result": _list(PROPERTY)}),
    "data-extension-property-proposal": _object(
        {"properties": _list(PROPERTY), "type": {"type": "string"}},
        {"limit": {"type": "integer"}},
    ),
    "data-extension-response": _object(
        {
            "meta": _list(_object({"id": TEXT, "name": TEXT}, {"type": SHORT_TYPE})),
            "rows": _each(_each(_list(CELL))),
        }
    ),
    "flyout": _object({"id": TEXT, "html": TEXT}),
}


def check(name: str, answer: Json) -> Json:
    """Return an answer that keeps to a schema; fails with what is wrong otherwise."""
    errors = [
        f"{error.instance_path}: {error.message}"
        for validator in (_validator(name), _published(name))
        if validator is not None
        for error in validator.iter_errors(answer)
    ]
    assert not errors, errors[:3]
    return answer


@cache
def _validator(name: str) -> Any:
    return jsonschema_rs.validator_for({**SCHEMAS[name], "$defs": {"type": TYPE}})


@cache
def _published(name: str) -> Any:
    """Return the validator of the specification's own schema, where there is one at hand."""
    folder = Path(os.environ.get(_PUBLISHED, "nowhere"))
    if not (found := folder / f"{name}.json").exists():
        return None
    schemas = {each.name: _read(each) for each in folder.glob("*.json")}
    schema = schemas[found.name]
    schema.get("properties", {}).pop("authentication", None)  # it refers out of the folder
    registry = jsonschema_rs.Registry(
        [(_PLACE + "type.json", schemas["type.json"])], draft=jsonschema_rs.Draft7
    )
    return jsonschema_rs.Draft7Validator(schema, registry=registry)


def _read(path: Path) -> Json:
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    found.pop("$schema", None)
    return found
