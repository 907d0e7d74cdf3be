"""Runs the validator of KGX without a network: for a Python that has kgx and biolink-model.

``python tests/kgx_validation.py FOLDER FORMAT`` validates each pair of files in a folder, and
prints for each what it finds: severity and kind, with the number of entities and one of them.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Found = dict[str, dict[str, tuple[int, str]]]


def main(folder: Path, ending: str) -> None:
    printed, sys.stdout = sys.stdout, sys.stderr
    _use_local_model()
    found: Found = {}
    for nodes in sorted(folder.glob(f"*_nodes.{ending}")):
        edges = nodes.with_name(nodes.name.replace("_nodes.", "_edges."))
        found[nodes.name.removesuffix(f"_nodes.{ending}")] = _validate((nodes, edges), ending)
    sys.stdout = printed
    print(json.dumps(found))


def _use_local_model() -> None:
    """Give the model of an installed package to what would fetch it."""
    spec = find_spec("biolink_model")
    assert spec is not None
    place = (spec.submodule_search_locations or [])[0]
    model = Path(place) / "schema" / "biolink_model.yaml"
    toolkit = import_module("bmt.toolkit").Toolkit
    toolkit.__init__.__defaults__ = (str(model), {"predicate mappings": []})
    prefixes = Path(place) / "prefixmaps" / "biolink-model-prefix-map.json"
    known = json.loads(prefixes.read_text(encoding="utf-8"))
    import_module("kgx.config").jsonld_context_map["biolink"] = known


def _validate(files: tuple[Path, Path], ending: str) -> dict[str, tuple[int, str]]:
    transformer = import_module("kgx.transformer").Transformer(stream=True)
    validator = import_module("kgx.validator").Validator()
    transformer.transform(
        input_args={"filename": [str(each) for each in files], "format": ending},
        output_args={"format": "null"},
        inspector=validator,
    )
    told: dict[str, Any] = {**validator.get_errors(), **transformer.get_errors()}
    return {
        f"{severity} {kind}": _count(messages)
        for severity, kinds in told.items()
        for kind, messages in kinds.items()
    }


def _count(messages: dict[str, list[str]]) -> tuple[int, str]:
    text, entities = next(iter(messages.items()))
    return sum(map(len, messages.values())), f"{text}: {entities[:2]}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
