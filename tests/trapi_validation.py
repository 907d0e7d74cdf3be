"""Runs the validator of TRAPI on many answers at once: for a Python that has reasoner-validator.

``python tests/trapi_validation.py CHECK SPECIFICATION ANSWER...`` prints, for each answer, the
codes of what is wrong. CHECK is the tool that makes the validator work without a network.

Many answers hold the same nodes and edges. Each is validated where it stands first, and only
there: what is wrong with it is told of that answer. All else is validated in every answer.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Messages = dict[str, dict[str, dict[str, dict[str, Any]]]]


def main(check: str, specification: str, answers: list[str]) -> None:
    sys.argv = [check, specification, answers[0]]
    printed, sys.stdout = sys.stdout, sys.stderr
    # It ends by telling of the first answer, which is validated again below.
    with suppress(SystemExit):
        runpy.run_path(check, run_name="__main__")
    sys.stdout = printed
    _repeat_nothing()
    print(json.dumps({answer: _codes(specification, answer) for answer in answers}))


def _repeat_nothing() -> None:
    """Let the validator keep what it looked up, read a schema once, and pass what it has seen."""
    # Imported here: the tool replaces parts of them first, and the tests themselves lack them.
    toolkit = import_module("bmt.toolkit").Toolkit
    toolkit.get_associations = _kept(toolkit.get_associations)
    biolink = import_module("reasoner_validator.biolink").BiolinkValidator
    biolink.validate_graph_edge = _once(biolink.validate_graph_edge)
    schemas = import_module("reasoner_validator.trapi")
    schemas.TRAPISchemaValidator.validate = _validate_by(schemas.load_schema)


def _kept(ask: Callable[..., Any]) -> Callable[..., Any]:
    found: dict[str, Any] = {}

    def answer(self: Any, *given: Any, **named: Any) -> Any:
        key = json.dumps([given, named], sort_keys=True)
        if key not in found:
            found[key] = ask(self, *given, **named)
        return found[key]

    return answer


def _once(validate: Callable[..., None]) -> Callable[..., None]:
    right: set[str] = set()

    def validate_new(self: Any, edge: Json, graph_type: Any) -> None:
        ends = [self.get_node_categories(edge.get(end)) for end in ("subject", "object")]
        key = json.dumps([str(graph_type), edge, ends], sort_keys=True)
        if key not in right:
            validate(self, edge, graph_type)
            if not self.has_errors():
                right.add(key)

    return validate_new


def _validate_by(load_schema: Callable[[str], Json]) -> Callable[..., None]:
    validators: dict[str, Any] = {}
    right: set[str] = set()

    def validate(self: Any, instance: Json, component: str) -> None:
        if component not in validators:
            schema = load_schema(self.trapi_version)[component]
            library = import_module("jsonschema").validators
            validators[component] = library.validator_for(schema)(schema)
        keys: set[str] = set()
        if component == "KnowledgeGraph":
            instance, keys = _new_parts(instance, right)
        validators[component].validate(instance)
        right.update(keys)

    return validate


def _new_parts(graph: Json, known: set[str]) -> tuple[Json, set[str]]:
    """Return the nodes and edges that are not known, and the texts to know them by."""
    texts = {
        (kind, name): f"{kind} {json.dumps(part, sort_keys=True)}"
        for kind, parts in graph.items()
        for name, part in parts.items()
    }
    new = {
        kind: {name: part for name, part in parts.items() if texts[kind, name] not in known}
        for kind, parts in graph.items()
    }
    return new, set(texts.values())


def _codes(specification: str, answer: str) -> dict[str, list[str]]:
    library = import_module("reasoner_validator.validator")
    validator = library.TRAPIResponseValidator(trapi_version=specification, biolink_version="4.4.6")
    content = Path(answer).read_text(encoding="utf-8")
    validator.check_compliance_of_trapi_response(json.loads(content))
    messages: Messages = validator.get_all_messages()
    found: dict[str, list[str]] = {}
    for tests in messages.values():
        for severities in tests.values():
            for severity, codes in severities.items():
                for code, targets in codes.items():
                    found.setdefault(severity, []).append(f"{code} {json.dumps(targets)[:300]}")
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
