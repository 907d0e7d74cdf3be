"""The operations of the contract as people read them: parameters, examples, bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

__all__ = ["ELSEWHERE", "Operation", "Parameter", "anchor_of", "read_operations"]

ELSEWHERE = "http://127.0.0.1:8000"
"""The address that commands of the contract name: each reader knows the server by another one."""

_LONGEST_ANSWER = 3000


@dataclass(frozen=True)
class Parameter:
    """A parameter, or a field of a form; ``default`` is its JSON, or empty."""

    name: str
    meaning: Markup
    is_required: bool
    default: str
    example: str


@dataclass(frozen=True)
class Body:
    """What may be sent in one media type."""

    media_type: str
    meaning: Markup
    fields: Sequence[Parameter]


@dataclass(frozen=True)
class Operation:
    """One operation; ``run`` is an address that asks it as it stands, or empty."""

    name: str
    place: str
    tag: str
    summary: str
    meaning: Sequence[Markup]
    parameters: Sequence[Parameter]
    bodies: Sequence[Body]
    run: str
    command: str
    answers: Sequence[str]
    answer: str

    @property
    def text(self) -> str:
        """What a search looks in, in lower case."""
        named = " ".join(f"{each.name} {each.meaning}" for each in self.parameters)
        return f"{self.name} {self.tag} {self.summary} {named}".casefold()


def read_operations(schema: Mapping[str, Any]) -> Sequence[Operation]:
    """Return the operations of a contract, in its order."""
    return [
        _read(f"{method.upper()} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def anchor_of(name: str) -> str:
    """Return the name of a place on the page.

    >>> anchor_of("GET /api/v1/drugs/{id}")
    'get-api-v1-drugs-id'
    """
    return "-".join(re.findall(r"[a-z0-9.]+", name.lower()))


def _read(name: str, operation: Mapping[str, Any]) -> Operation:
    parameters = operation.get("parameters", ())
    command = operation.get("x-command", "")
    run = operation.get("x-example") or _run_by(command) or _plain_address(name, parameters)
    content = operation["responses"].get("200", {}).get("content", {})
    bodies = operation.get("requestBody", {}).get("content", {})
    return Operation(
        name=name,
        place=anchor_of(name),
        tag=operation.get("tags", ("other",))[0],
        summary=str(operation.get("summary", "")),
        meaning=[_prose(part) for part in operation.get("description", "").split("\n\n") if part],
        parameters=[_parameter(each) for each in parameters],
        bodies=[_body(media_type, each["schema"]) for media_type, each in bodies.items()],
        run=run,
        command=command or (f"curl '{ELSEWHERE}{run}'" if run else ""),
        answers=sorted(content),
        answer=next(_answers(content), ""),
    )


def _run_by(command: str) -> str:
    """Return the address that a command reads, or an empty text where it does more.

    >>> _run_by("curl 'http://127.0.0.1:8000/sparql?format=ttl'"), _run_by("curl -X PUT 'x'")
    ('/sparql?format=ttl', '')
    """
    found = re.fullmatch(rf"curl '?{ELSEWHERE}([^ ']+)'?", command)
    return found[1] if found else ""


def _plain_address(name: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """Return the address of a reading that needs nothing, or an empty text."""
    method, _, path = name.partition(" ")
    if method != "GET" or "{" in path or any(each.get("required") for each in parameters):
        return ""
    return path


def _answers(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the answers that the contract shows, where they are short enough to be read."""
    for described in content.values():
        for example in described.get("examples", {}).values():
            shown = json.dumps(example.get("value"), indent=1, ensure_ascii=False)
            if len(shown) <= _LONGEST_ANSWER:
                yield shown


def _body(media_type: str, schema: Mapping[str, Any]) -> Body:
    fields = schema.get("properties", {})
    required = schema.get("required", ())
    return Body(
        media_type,
        Markup("a form with these fields") if fields else _prose(schema.get("description", "")),
        [
            _parameter({"name": name, "schema": field, "required": name in required, **field})
            for name, field in fields.items()
        ],
    )


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    schema = parameter.get("schema", {})
    default = schema.get("default")
    examples = schema.get("examples", ())
    return Parameter(
        parameter["name"],
        _prose(str(parameter.get("description", ""))),
        bool(parameter.get("required")),
        "" if default in (None, []) else json.dumps(default),
        unquote(_shown(examples[0])) if examples else "",
    )


def _shown(example: Any) -> str:
    if isinstance(example, bool):
        return json.dumps(example)
    return ", ".join(map(str, example)) if isinstance(example, list) else str(example)


def _prose(text: str) -> Markup:
    """Return a text of the contract as HTML: what stands in backticks is code.

    >>> _prose("the `next` of an answer")
    Markup('the <code>next</code> of an answer')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S704 - escaped
