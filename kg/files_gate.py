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
from kg.shape_reach import find_reach
from kg.shapes import Result, Shapes, compile_shapes, validate_with
from kg.shipped import Shipped

__all__ = ["find_results", "judge_folder"]


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
        for part in _parts(gate, folder / "data.nq", scratch, part_lines, made):
            found.update(_violations(shapes, part))
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


def _parts(
    gate: Gate, data: Path, scratch: Path, part_lines: int, made: Iterable[Graph]
) -> Iterator[Part]:
    reach = find_reach(gate.shapes)
    if reach is not None:
        reach = replace(reach, incoming=reach.incoming | KNOWN_BY)
    unwanted = frozenset(str(graph).encode() for graph in made)
    asserted = scratch / "asserted.nq"
    with asserted.open("wb") as file:
        for block in read_blocks(data):
            file.writelines(_asserted(block, unwanted))
    return read_parts(partial(read_blocks, asserted), reach, scratch, part_lines)


def _asserted(block: list[bytes], made: frozenset[bytes]) -> list[bytes]:
    """Return the lines in none of some graphs; comments only stand before the first of them."""
    block = [line for line in block if line[:1] != b"#"] if block[0][:1] == b"#" else block
    return [
        line
        for line in block
        if line[line.rfind(b" ", 0, -3) + 1 : -3] not in made or split_line(line)[3] not in made
    ]


def _violations(shapes: Shapes, part: Part) -> Iterator[Result]:
    found = validate_with(shapes, b"".join((*part.lines, *part.beside)))
    return (result for result in found if part.owns(result.focus))
