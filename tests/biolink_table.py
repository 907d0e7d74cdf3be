"""The table of the Biolink model that the server ships, made from the package ``biolink-model``.

Run by a Python that has the package, it prints the table: ``python tests/biolink_table.py``.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import yaml

_ASPECTS = (
    "GeneOrGeneProductOrChemicalEntityAspectEnum",
    "DirectionQualifierEnum",
    "CausalMechanismQualifierEnum",
)
"""The values of the qualifiers that edges of the graph have: some are wider than others."""


def main() -> None:
    print(write_table(_read_model()), end="")


def write_table(model: dict[str, Any]) -> str:
    """Return the table as JSON, one term a line, in the order of the names."""
    parts = {
        "categories": _categories(model["classes"]),
        "predicates": _predicates(model["slots"]),
        "values": _values(model["enums"]),
    }
    lines = [f'{{"version": "{model["version"]}"']
    for part, terms in parts.items():
        listed = ",\n".join(
            f"  {json.dumps(name)}: {json.dumps(terms[name])}" for name in sorted(terms)
        )
        lines.append(f'"{part}": {{\n{listed}\n}}')
    return ",\n".join(lines) + "}\n"


def _read_model() -> dict[str, Any]:
    text = (files("biolink_model") / "schema" / "biolink_model.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _categories(classes: dict[str, Any]) -> dict[str, Any]:
    things = _below(classes, "named thing")
    wide = {each for name in things for each in _above(classes, name)}
    return {
        _pascal(name): _term(classes[name], _pascal)
        for name in things | wide
        if classes[name] is not None
    }


def _predicates(slots: dict[str, Any]) -> dict[str, Any]:
    names = _below(slots, "related to")
    found = {}
    for name in names:
        term = _term(slots[name], _snake)
        if inverse := slots[name].get("inverse"):
            term["inverse"] = _snake(inverse)
        if slots[name].get("symmetric"):
            term["symmetric"] = True
        found[_snake(name)] = term
    return found


def _values(enums: dict[str, Any]) -> dict[str, Any]:
    return {
        value: {"parents": [content["is_a"]] if content and "is_a" in content else []}
        for name in _ASPECTS
        for value, content in enums[name]["permissible_values"].items()
    }


def _term(content: dict[str, Any], spell: Any) -> dict[str, Any]:
    parents = [content["is_a"]] if "is_a" in content else []
    term: dict[str, Any] = {"parents": [spell(each) for each in parents]}
    if mixins := content.get("mixins"):
        term["mixins"] = [spell(each) for each in mixins]
    for flag in ("abstract", "mixin", "deprecated"):
        if content.get(flag):
            term[flag] = True
    return term


def _below(terms: dict[str, Any], root: str) -> set[str]:
    return {name for name in terms if root == name or root in _above(terms, name)}


def _above(terms: dict[str, Any], name: str) -> set[str]:
    content = terms.get(name) or {}
    parents = {*content.get("mixins", []), *([content["is_a"]] if "is_a" in content else [])}
    return parents.union(*(_above(terms, parent) for parent in parents)) if parents else parents


def _snake(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[ _-]", name))


if __name__ == "__main__":
    main()
