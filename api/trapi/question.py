"""A query as TRAPI 2.0 words it: models that read it, and refuse what is ill-formed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    ValidationError,
)
from pydantic.types import StrictStr, StringConstraints

from api.quotation import quoted
from api.trapi.errors import TrapiProblem

__all__ = [
    "AllowDeny",
    "AttributeConstraint",
    "EdgeConstraints",
    "Parameters",
    "QEdge",
    "QNode",
    "QPath",
    "Query",
    "QueryGraph",
    "SourceConstraint",
    "read_query",
]

Curie = Annotated[str, StringConstraints(strict=True, pattern=r"^[^:\s]+:\S.*$")]
Category = Annotated[str, StringConstraints(strict=True, pattern=r"^biolink:[A-Z][a-zA-Z]*$")]
Predicate = Annotated[str, StringConstraints(strict=True, pattern=r"^biolink:[a-z][a-z_]*$")]
Qualifier = Annotated[str, StringConstraints(strict=True, pattern=r"^biolink:[a-z][a-z_]*$")]
Few = Field(min_length=1)
Qualifiers = Annotated[dict[Qualifier, StrictStr], Few]


class _Open(BaseModel):
    """Takes more properties than it knows, as TRAPI allows; none may be null."""

    model_config = ConfigDict(extra="allow")


class AttributeConstraint(BaseModel):
    """What an attribute of a node or edge must be."""

    model_config = ConfigDict(extra="forbid")
    id: Curie
    name: StrictStr = ""
    negated: StrictBool = Field(default=False, alias="not")
    operator: Literal["==", ">", "<", "matches", "==="]
    value: Any
    unit_id: Any = None
    unit_name: Any = None


class QNode(_Open):
    """A node of a query."""

    ids: Annotated[list[Curie], Few] = Field(default_factory=list)
    categories: Annotated[list[Category], Few] = Field(default_factory=list)
    set_interpretation: Literal["BATCH", "ALL", "MANY", "COLLATE"] = "BATCH"
    member_ids: Annotated[list[Curie], Few] = Field(default_factory=list)
    constraints: Annotated[list[AttributeConstraint], Few] = Field(default_factory=list)

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids whose things may be bound: those of the set, where it is one."""
        return tuple(dict.fromkeys(self.member_ids or self.ids))

    @property
    def is_set(self) -> bool:
        """Whether several things are bound at once."""
        return self.set_interpretation != "BATCH"


class AllowDeny(_Open):
    """Values of which one is needed, or none allowed."""

    behavior: Literal["ALLOW", "DENY"]
    values: Annotated[list[StrictStr], Few]

    def takes(self, found: set[str]) -> bool:
        """Tell whether what an edge has passes."""
        return (self.behavior == "ALLOW") is not found.isdisjoint(self.values)


class SourceConstraint(AllowDeny):
    """Sources of which one is needed, or none allowed."""

    values: Annotated[list[Curie], Few]
    primary_only: StrictBool = False


class EdgeConstraints(_Open):
    """What the edges bound must be, all of it."""

    knowledge_level: AllowDeny | None = None
    agent_type: AllowDeny | None = None
    attributes: Annotated[list[AttributeConstraint], Few] = Field(default_factory=list)
    qualifiers: Annotated[list[Qualifiers], Few] = Field(default_factory=list)
    sources: SourceConstraint | None = None


class QEdge(_Open):
    """An edge of a query."""

    subject: StrictStr
    object: StrictStr
    predicates: Annotated[list[Predicate], Few] = Field(default_factory=list)
    knowledge_type: StrictStr = "lookup"
    constraints: EdgeConstraints = Field(default_factory=EdgeConstraints)


class PathConstraint(_Open):
    """Categories of which a path must hold a node each."""

    intermediate_categories: Annotated[list[Category], Few] = Field(default_factory=list)


class QPath(_Open):
    """The path that a query asks for."""

    subject: StrictStr
    object: StrictStr
    predicates: Annotated[list[Predicate], Few] = Field(default_factory=list)
    constraints: Annotated[list[PathConstraint], Few] = Field(default_factory=list)


class QueryGraph(_Open):
    """What is asked: nodes with edges between them, or with one path."""

    nodes: Annotated[dict[str, QNode], Few]
    edges: Annotated[dict[str, QEdge], Few] = Field(default_factory=dict)
    paths: Annotated[dict[str, QPath], Field(min_length=1, max_length=1)] = Field(
        default_factory=dict
    )


class Parameters(_Open):
    """How the query is to be answered."""

    timeout: StrictFloat | None = None
    log_level: Literal["ERROR", "WARNING", "INFO", "DEBUG"] = "INFO"
    bypass_cache: StrictBool = False


class _Message(_Open):
    query_graph: QueryGraph


class Query(_Open):
    """A query; ``given`` is what the client sent."""

    message: _Message
    parameters: Parameters = Field(default_factory=Parameters)
    submitter: StrictStr = ""
    workflow: list[Any] = Field(default_factory=list)

    @property
    def graph(self) -> QueryGraph:
        """What is asked."""
        return self.message.query_graph


_REASONS: Mapping[str, str] = {
    "dict_type": "input should be an object",
    "model_type": "input should be an object",
    "list_type": "input should be a list",
    "float_type": "input should be a number",
    "bool_type": "input should be true or false",
}
"""What is wrong in the words of JSON, where the library has those of Python."""


def read_query(body: Mapping[str, Any]) -> Query:
    """Return the query that a body holds; raises TrapiProblem for the first thing wrong with it.

    >>> read_query({})
    Traceback (most recent call last):
    api.trapi.errors.TrapiProblem: message: field required
    """
    _refuse_nulls(body, "")
    try:
        return Query.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        reason = _REASONS.get(first["type"], first["msg"][:1].lower() + first["msg"][1:])
        shown = "" if first["type"] == "missing" else f", and not {quoted(first['input'])}"
        raise TrapiProblem(f"{place}: {reason}{shown}") from None


def _refuse_nulls(value: object, place: str) -> None:
    """Raise TrapiProblem for a null in the query graph or beside it: TRAPI 2.0 has none."""
    if value is None:
        raise TrapiProblem(f"{place.lstrip('.')} is null; leave it out")
    if isinstance(value, Mapping):
        for name, each in value.items():
            if not place and name == "message" and isinstance(each, Mapping):
                _refuse_nulls(each.get("query_graph", {}), ".message.query_graph")
            else:
                _refuse_nulls(each, f"{place}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            _refuse_nulls(each, f"{place}.{number}")
