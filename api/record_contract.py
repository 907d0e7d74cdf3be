"""How the contract describes lists and records: a model for each kind, and every error."""

from __future__ import annotations

import re
from functools import cache
from types import GenericAlias
from typing import Any

from fastapi import FastAPI
from pydantic import Field, create_model

from api.cardinality import Cardinality, read_cardinality
from api.contract_errors import add_errors
from api.contract_examples import add_examples
from api.imported_models import ImportedPair, ImportSource
from api.kinds import Kind
from api.list_answers import MEDIA_TYPES
from api.list_fields import Field as ListField
from api.list_fields import FieldType
from api.list_kinds import fields_of
from api.list_mapping_fields import IDENTIFIERS, MATCHES
from api.parameters import ListFormat
from api.problems import MEDIA_TYPE
from api.record_models import Comparison, ListEnvelope, Problem, Record, ThingReference
from kg.context import Context, read_context
from kg.shipped import find_shipped

__all__ = ["complete_contract", "describe_list", "describe_record", "list_model", "record_model"]

Schema = dict[str, Any]

_STEPS = re.compile(r"\w*:\w+(\|\w*:\w+)*")
_SCALARS: dict[FieldType, Any] = {
    FieldType.THING: ThingReference,
    FieldType.NUMBER: float,
    FieldType.DATE: str,
    FieldType.FLAG: bool,
    FieldType.TEXT: str,
}
_OF_SEVERAL_CLASSES = frozenset(
    {"claims", "studies", "trials", "interventions", "evidence", "comparisons", "documents"}
)
"""Kinds with classes below them, whose shapes may allow one value where that of others do not."""

_OF_SEVERAL_IMPORTED_CLASSES = frozenset({"imported-evidence", "imported-claims", "external-terms"})
"""The same of what is imported: a key that no shape restricts has a list in all of them."""

_WIDER = ("Claim", "ImportedRecord")
"""Classes of which the records of many kinds are too, and whose shapes bind those."""

_LABELS_IN_LISTS = frozenset({"interventions", "radiotherapy-courses"})
"""Kinds of which some have a list of one label: their shape says nothing of the number."""

_ADDRESSES = frozenset({"dcterms:license", "dcterms:source", "rdfs:seeAlso"})
"""Keys of addresses: a list is filtered by their letters, a record gives them as things."""

_SAID_BY_IMPORTS = {
    "drugs": "importedTargets",
    "targets": "importedDrugs",
    "families": "importedDrugs",
}
"""The keys of what imports say of a record of the documents."""

_ERRORS = {
    400: "A parameter is unknown, ill-formed or contradicts another",
    404: "A name means nothing; near names are given",
    406: "None of the formats that are accepted is offered",
    409: "A name means several things; all are given",
    429: "More questions at once than a client's share",
    500: "A fault of the server",
    503: "Too many questions at once, or the server is stopping",
    504: "The answer took too long",
}


def describe_list(kind: Kind, *, otherwise: Any = None) -> dict[int | str, Schema]:
    """Return the responses of the list of a kind, which may answer otherwise too."""
    texts = {
        MEDIA_TYPES[each]: {"schema": {"type": "string"}}
        for each in (ListFormat.CSV, ListFormat.TSV)
    }
    model = list_model(kind) if otherwise is None else list_model(kind) | otherwise
    return {200: _found(model, "A page of the list", texts), **_errors()}


def describe_record(kind: Kind) -> dict[int | str, Schema]:
    """Return the responses of a single record of a kind."""
    return {200: _found(record_model(kind), f"One {kind.singular}", {}), **_errors()}


@cache
def list_model(kind: Kind) -> Any:
    """Return the model of the list of a kind."""
    items: Any = (GenericAlias(list, (record_model(kind),)), Field(description="The records."))
    return create_model(
        f"{_name(kind)}List", __base__=ListEnvelope, __doc__=f"A page of {kind.path}.", items=items
    )


@cache
def record_model(kind: Kind) -> Any:
    """Return the model of a record of a kind: its keys by their fields."""
    context, cardinality = _shipped()
    keys: dict[str, Any] = {}
    for field in fields_of(kind.path):
        for key in field.keys if _is_own(field) else ():
            if key not in Record.model_fields and _identifier(key) not in keys:
                keys[_identifier(key)] = _key(kind, field, key, cardinality, context)
    for key in MATCHES if _is_matched(kind) else ():
        says = "What it is matched to in other systems; identifiers say more."
        keys[_identifier(key)] = (
            list[ThingReference] | None,
            Field(None, alias=key, description=says),
        )
    if kind.path in _LABELS_IN_LISTS:
        keys["label"] = (str | list[str] | None, None)
    if kind.path == "comparisons":
        keys["comparison"] = (Comparison | None, None)
    keys |= _imported(kind)
    return create_model(
        f"{_name(kind)}Record", __base__=Record, __doc__=f"One {kind.singular}.", **keys
    )


def complete_contract(app: FastAPI) -> None:
    """Let the contract of an application define its problems, and give examples."""
    made = app.openapi

    def openapi() -> Schema:
        contract = made()
        schemas = contract.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs", {})
            schemas["Problem"] = problem
            for name in schemas:
                schemas[name]["title"] = _title(name)
            add_errors(contract)
            add_examples(contract)
        return contract

    app.openapi = openapi  # type: ignore[method-assign]


def _title(name: str) -> str:
    """Return a title that no other schema has, which generators make the names of classes from.

    >>> _title("api__search_models__Reference"), _title("Problem")
    ('SearchReference', 'Problem')
    """
    *_, module, own = ("", *name.split("__"))
    return f"{module.removesuffix('_models').title().replace('_', '')}{own}"


def _found(model: Any, says: str, texts: Schema) -> Schema:
    # JSON comes first: a generated client takes the first that it understands.
    content: Schema = {
        MEDIA_TYPES[ListFormat.JSON]: {},
        MEDIA_TYPES[ListFormat.JSON_LD]: {"schema": {"type": "object"}},
        **texts,
    }
    description = f"{says}; decimals are numbers in JSON, and texts in JSON-LD"
    return {"description": description, "model": model, "content": content}


def _errors() -> dict[int | str, Schema]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": says, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, says in _ERRORS.items()
    }


@cache
def _shipped() -> tuple[Context, Cardinality]:
    shipped = find_shipped()
    return read_context(shipped.context), read_cardinality(shipped.shapes)


def _is_own(field: ListField) -> bool:
    """Tell whether a key of the record holds the values of a field, and nothing else."""
    return not field.part and bool(_STEPS.fullmatch(field.path))


def _key(kind: Kind, field: ListField, key: str, cardinality: Cardinality, context: Context) -> Any:
    value = ThingReference if key in _ADDRESSES else _SCALARS[field.type]
    predicate = _predicate(field.path, context)
    several: Any = GenericAlias(list, (value,))
    type_ = value | several
    if kind.path not in _OF_SEVERAL_CLASSES and field.path.startswith(":"):
        places = [context.namespaces.ontology + name for name in (kind.class_name, *_WIDER)]
        is_mixed = kind.path in _OF_SEVERAL_IMPORTED_CLASSES and cardinality.may_be_one(predicate)
        type_ = value if cardinality.is_one(predicate, places) else type_ if is_mixed else several
    return (type_ | None, Field(None, alias=key, description=field.says))


def _is_matched(kind: Kind) -> bool:
    return kind.path == "external-terms" or IDENTIFIERS[0] in fields_of(kind.path)


def _imported(kind: Kind) -> dict[str, Any]:
    """Return the keys by which a record says what it has of imports."""
    if kind.is_imported and kind.path != "imports":
        return {"source": (ImportSource | None, None)}
    if said := _SAID_BY_IMPORTS.get(kind.path):
        says = "What imports say of it, apart from the claims of the documents."
        return {
            _identifier(said): (
                list[ImportedPair] | None,
                Field(None, alias=said, description=says),
            )
        }
    return {}


def _predicate(path: str, context: Context) -> str:
    return context.namespaces.expand(path) or path


def _identifier(key: str) -> str:
    """Return the name of a field of a model: none of those that models have themselves."""
    return f"key_{re.sub(r'[^A-Za-z0-9]', '_', key)}"


def _name(kind: Kind) -> str:
    return "".join(word.capitalize() for word in kind.path.split("-"))
