"""The gate for graphs of any size: what shapes and checks find, a part of the graph at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, Store

from kg.alike import KNOWN_BY, Alike
from kg.catalogue import is_made
from kg.change import Graph, graph_name
from kg.checks import Asks, Check, run_checks
from kg.gate import Gate, read_gate, show_results, stopping
from kg.graph_parts import PART_LINES, Part, read_parts
from kg.key_store import MOST_KEYS, KeyStore, named_keys
from kg.namespaces import read_namespaces
from kg.places import Places
from kg.problem import Problem, Refused
from kg.progress import Progress
from kg.quad_lines import read_blocks, split_line
from kg.shape_reach import Reach, find_reach
from kg.shapes import Result, Shapes, compile_shapes, validate_file
from kg.shipped import Shipped

__all__ = ["find_results", "judge_folder"]

_END = -len(b" .\n")
_SPACES = 3


def judge_folder(shipped: Shipped, folder: Path, listener: Progress) -> tuple[Problem, ...]:
    """Return what is to be reviewed in a folder with ``data.nq`` and its ``database``.

    Raises Refused for what shapes and checks find.
    """
    listener.start("Checking shapes and rules")
    results = find_results(read_gate(shipped.shapes), folder, listener=listener)
    namespaces = read_namespaces(shipped.context)
    problems = show_results(results, places=Places(), namespaces=namespaces)
    if violations := stopping(problems):
        raise Refused(violations)
    listener.finish(f"no violation, {len(problems)} to review")
    return problems


def find_results(
    gate: Gate,
    folder: Path,
    *,
    listener: Progress | None = None,
    part_lines: int = PART_LINES,
    most_keys: int = MOST_KEYS,
) -> tuple[Result, ...]:
    """Return what ``Gate.results`` returns for the asserted graphs, in bounded memory.

    That is but for the results, and for checks that ask more than their ``asks`` says.
    """
    alike_checks, key_checks, other_checks = _by_asks(gate.checks)
    keys = frozenset[str]().union(*map(named_keys, key_checks))
    database = Store.read_only(str(folder / "database"))
    made = [graph for graph in database.named_graphs() if is_made(graph_name(graph))]
    graphs = _without(made, database) if made else None
    shapes, found = compile_shapes(gate.shapes), set[Result]()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".gate-") as made_here:
        scratch = Path(made_here)
        alike, keyed = Alike(scratch / "alike.txt"), KeyStore(scratch, keys, most_keys)
        asserted = partial(_asserted, folder / "data.nq", frozenset(map(str, made)))
        for part in read_parts(asserted, _reach(gate), scratch, part_lines):
            found.update(_violations(shapes, part, scratch))
            alike.add(part)
            keyed.add(part)
            if listener:
                listener.advance()
        found.update(alike.results(alike_checks))
        found.update(run_checks(keyed.load(), key_checks))
    found.update(run_checks(database, other_checks, graphs))
    return tuple(sorted(found))


def _by_asks(checks: Iterable[Check]) -> tuple[list[Check], list[Check], list[Check]]:
    """Return the checks of likeness, those of keys and links, and the others."""
    given = list(checks)
    alike = [each for each in given if each.asks is Asks.LIKENESS]
    keys = [each for each in given if each.asks in (Asks.KEYS, Asks.LINKS)]
    return alike, keys, [each for each in given if each.asks is Asks.ALL]


def _without(made: Collection[Graph], database: Store) -> list[Graph]:
    return [DefaultGraph(), *(each for each in database.named_graphs() if each not in made)]


def _reach(gate: Gate) -> Reach | None:
    reach = find_reach(gate.shapes)
    return reach and replace(reach, incoming=reach.incoming | KNOWN_BY)


def _asserted(data: Path, made: Collection[str]) -> Iterator[list[bytes]]:
    """Yield the triples in none of some graphs; comments only stand before the first of them."""
    known, unwanted = dict[bytes, bool](), frozenset(graph.encode() for graph in made)
    for block in read_blocks(data):
        if lines := [*_triples(block, unwanted, known)]:
            yield lines


def _triples(
    block: Iterable[bytes], made: Collection[bytes], known: dict[bytes, bool]
) -> Iterator[bytes]:
    """Yield lines without their graphs; ``known`` tells by the end of a line if it is made."""
    for line in block:
        at = line.rfind(b" ", 0, _END)
        is_made = known.get(line[at:])
        # With three spaces there is no graph: what ends the line is the object.
        if is_made is None or line.count(b" ") == _SPACES:
            if line[:1] == b"#":
                continue
            graph = split_line(line)[3]
            if not graph:
                yield line
                continue
            is_made = known[line[at:]] = graph in made
        if not is_made:
            yield line[:at] + b" .\n"


def _violations(shapes: Shapes, part: Part, scratch: Path) -> Iterator[Result]:
    file = scratch / "part.nt"
    with file.open("wb") as lines:
        lines.writelines(part.lines)
        lines.writelines(part.beside)
    found = validate_file(shapes, file)
    return (result for result in found if part.owns(result.focus))
