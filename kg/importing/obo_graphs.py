"""OBO Graphs in JSON: terms, read as a stream in two passes, as edges follow the nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ijson  # type: ignore[import-untyped]

from kg.importing.external_term import OBO_IN_OWL, REPLACED_BY, Term, read_identifier
from kg.importing.record import Reject, RejectRule

__all__ = ["find_graphs_version", "read_obo_graphs"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_IS_A = ("is_a", "http://www.w3.org/2000/01/rdf-schema#subClassOf")
_SCOPE = {f"has{scope}Synonym": scope.upper() for scope in ("Exact", "Narrow", "Broad", "Related")}
_WITHIN = frozenset({"start_map", "start_array", "map_key"})
"""Events with the path of an object after which it is not yet whole."""

_CHUNK = 1 << 20
_Edges = Mapping[str, set[str]]


def find_graphs_version(file: Path) -> str | None:
    """Return the version IRI of the first graph of a file, or None without."""
    with file.open("rb") as content:
        try:
            found = next(iter(ijson.items(content, "graphs.item.meta.version")), None)
        except ijson.JSONError:
            return None
    return found if isinstance(found, str) else None


def read_obo_graphs(file: Path) -> Iterator[Term | Reject]:
    """Yield the classes of a file of OBO Graphs; edges beside is_a are left to the OWL form.

    A node that is none is refused with its pointer, a file that is cut off as a whole.
    """
    edges = _read_edges(file)
    if isinstance(edges, Reject):
        yield edges
        return
    for pointer, node in _objects(file, "nodes"):
        place = f"{file.name}#{pointer}"
        if not isinstance(node, dict) or not isinstance(node.get("id"), str):
            message = "a node must be an object with an id"
            yield Reject(place, RejectRule.WRONG_SCHEMA, message)
        elif node.get("type", "CLASS") == "CLASS":
            yield _read_node(node, place, edges)


def _read_edges(file: Path) -> _Edges | Reject:
    """Return the parents of each node by their ids; the whole file is read for it."""
    parents: dict[str, set[str]] = defaultdict(set)
    try:
        with file.open("rb") as content:
            if not any(prefix == "graphs.item" for prefix, _, _ in ijson.parse(content)):
                message = "the file has no graphs: OBO Graphs is an object with a list of them"
                return Reject(file.name, RejectRule.WRONG_SCHEMA, message)
        for pointer, edge in _objects(file, "edges"):
            if not isinstance(edge, dict) or not {"sub", "pred", "obj"} <= edge.keys():
                message = "an edge must have sub, pred and obj; nothing of the file is taken"
                return Reject(f"{file.name}#{pointer}", RejectRule.WRONG_SCHEMA, message)
            if edge["pred"] in _IS_A:
                parents[edge["sub"]].add(read_identifier(edge["obj"]))
    except ijson.IncompleteJSONError as error:
        is_cut = "premature" in str(error) or "incomplete" in str(error).lower()
        is_cut = is_cut or _ends_within_character(file)
        rule = RejectRule.TRUNCATED if is_cut else RejectRule.UNREADABLE
        return Reject(_last_line(file), rule, "the JSON is not whole; download it again")
    except (ijson.JSONError, UnicodeDecodeError, OSError) as error:
        message = f"the file is no JSON ({type(error).__name__}); download it again"
        return Reject(file.name, RejectRule.UNREADABLE, message)
    return parents


def _objects(file: Path, part: str) -> Iterator[tuple[str, Any]]:
    """Yield the items of a list of each graph, with their JSON pointers."""
    wanted, graph, at = f"graphs.item.{part}.item", -1, -1
    builder: ijson.ObjectBuilder | None = None
    with file.open("rb") as content:
        for prefix, event, value in ijson.parse(content, use_float=True):
            if prefix == "graphs.item" and event == "start_map":
                graph, at = graph + 1, -1
            if builder is None and prefix == wanted:
                builder, at = ijson.ObjectBuilder(), at + 1
            if builder is not None:
                builder.event(event, value)
                if prefix == wanted and event not in _WITHIN:
                    yield f"/graphs/{graph}/{part}/{at}", builder.value
                    builder = None


def _read_node(node: Mapping[str, Any], place: str, edges: _Edges) -> Term:
    meta = node.get("meta") or {}
    values: dict[str, set[str]] = defaultdict(set)
    for each in meta.get("basicPropertyValues", ()):
        values[each["pred"]].add(each["val"])
    return Term(
        identifier=read_identifier(node["id"]),
        place=place,
        label=node.get("lbl"),
        parents=frozenset(edges.get(node["id"], ())),
        synonyms=frozenset(_synonyms(meta.get("synonyms", ()))),
        references=frozenset(each["val"] for each in meta.get("xrefs", ())),
        alternatives=frozenset(values[f"{OBO_IN_OWL}hasAlternativeId"]),
        matches=frozenset(_matches(values)),
        replaced_by=frozenset(map(read_identifier, values[REPLACED_BY])),
        is_obsolete=bool(meta.get("deprecated")),
    )


def _synonyms(found: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in found:
        yield _SCOPE.get(each["pred"], "RELATED"), each["val"]


def _matches(values: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    for name, found in values.items():
        if name.startswith(_SKOS) and name.endswith("Match"):
            for value in found:
                yield name.removeprefix(_SKOS), read_identifier(value)


def _ends_within_character(file: Path) -> bool:
    """Tell whether UTF-8 ends before a character does: the last bytes are all that matters."""
    with file.open("rb") as content:
        size = content.seek(0, 2)
        content.seek(max(size - 4, 0))
        last = content.read().lstrip(bytes(range(0x80, 0xC0)))
    try:
        last.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _last_line(file: Path) -> str:
    with file.open("rb") as content:
        breaks = sum(chunk.count(b"\n") for chunk in iter(lambda: content.read(_CHUNK), b""))
    return f"{file.name}:{breaks + 1}"
