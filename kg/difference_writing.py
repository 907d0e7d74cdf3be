"""The differences between two snapshots as files: for programs, for tables, and as a patch."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.change import graph_of_line, graph_term
from kg.difference import Change
from kg.difference_classes import Classes, read_classes
from kg.difference_facts import UNKNOWN_KIND, Difference, Statement, kind_of, read_difference
from kg.difference_files import Comparison, compared
from kg.namespaces import Namespaces
from kg.snapshot import Snapshot

__all__ = ["COLUMNS", "FILES", "Summary", "line_start", "write_differences"]

FILES = ("subjects.jsonl", "statements.csv", "changes.rdfp", "classes.json", "summary.json")
"""What ``write_differences`` makes in its folder; the last is written when the others are."""

COLUMNS = ("change", "kind", "subject", "label", "graph", "predicate", "object", "datatype", "lang")

_Counts = dict[str, Counter[str]]


@dataclass
class Summary:
    """Counts of the differences: quads by graph, subjects by kind and by what became of them."""

    graphs: _Counts = field(default_factory=lambda: defaultdict(Counter))
    kinds: _Counts = field(default_factory=lambda: defaultdict(Counter))
    claims: Counter[str] = field(default_factory=Counter)
    quads: Counter[str] = field(default_factory=Counter)

    def add(self, difference: Difference) -> None:
        """Count a subject and its quads."""
        self.kinds[difference.kind][difference.change] += 1
        if difference.is_claim:
            self.claims[difference.change] += 1
        lines = difference.lines
        for what, side in (("added", lines.added), ("removed", lines.removed)):
            self.quads[what] += len(side)
            for line in side:
                self.graphs[graph_of_line(line)][what] += 1

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON values; each count is there, also where it is none."""
        sides, changes = ("added", "removed"), tuple(Change)
        return {
            "quads": _all(self.quads, sides),
            "subjects": _all(sum(self.kinds.values(), Counter()), changes),
            "claims": _all(self.claims, changes),
            "graphs": {name: _all(self.graphs[name], sides) for name in sorted(self.graphs)},
            "kinds": {name: _all(self.kinds[name], changes) for name in sorted(self.kinds)},
        }


def write_differences(
    before: Snapshot, after: Snapshot, folder: Path, names: Namespaces
) -> Mapping[str, Any]:
    """Write what differs between two snapshots into a folder, as FILES; return the summary.

    ``names`` shorten IRIs. A subject is held at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    classes = read_classes((before.nquads, after.nquads))
    with compared(before.nquads, after.nquads) as comparison:
        summary = _write(comparison, folder, names, classes, (before.id, after.id))
    written = {
        "from": before.id,
        "to": after.id,
        **summary.to_json(),
        "emptyGraphs": {
            "added": list(comparison.created_graphs),
            "removed": list(comparison.dropped_graphs),
        },
        "blankNodes": "by label" if comparison.is_by_label else "by what is said of them",
    }
    described = json.dumps(_describe_classes(classes, names), ensure_ascii=False)
    (folder / "classes.json").write_text(described, encoding="utf-8")
    (folder / "summary.json").write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    return written


def line_start(change: str | None, kind: str | None) -> bytes:
    r"""Return what the lines of a kind and a change start with in ``subjects.jsonl``.

    >>> line_start("added", None), line_start("added", "Drug")
    (b'{"change":"added",', b'{"change":"added","kind":"Drug",')
    """
    shown = {"change": change, **({} if kind is None else {"kind": kind})}
    return _dumps(shown)[:-1] + b","


def _write(
    comparison: Comparison,
    folder: Path,
    names: Namespaces,
    classes: Classes,
    ends: tuple[str, str],
) -> Summary:
    summary = Summary()
    with (
        (folder / "subjects.jsonl").open("wb") as subjects,
        (folder / "statements.csv").open("w", encoding="utf-8", newline="") as statements,
        (folder / "changes.rdfp").open("wb") as patch,
    ):
        table = csv.writer(statements)
        table.writerow(COLUMNS)
        patch.writelines(_patch_head(*ends))
        for each in comparison.subjects:
            difference = read_difference(each, names, classes)
            summary.add(difference)
            subjects.write(_json_line(difference))
            table.writerows(_rows(difference))
            patch.writelines(_patch_lines(b"D", each.removed))
            patch.writelines(_patch_lines(b"A", each.added))
        patch.writelines(_patch_lines(b"GD", map(_graph, comparison.dropped_graphs)))
        patch.writelines(_patch_lines(b"GA", map(_graph, comparison.created_graphs)))
        patch.write(b"TC .\n")
    return summary


def _describe_classes(found: Classes, names: Namespaces) -> Mapping[str, Any]:
    """Return the kinds of both snapshots by their names, each with the wider ones."""
    shown = {iri: kind_of(iri, names) for iri in found.all}
    wider = {
        shown[iri]: sorted({shown[each] for each in above}) for iri, above in found.wider.items()
    }
    return {"kinds": sorted({*shown.values(), UNKNOWN_KIND}), "wider": dict(sorted(wider.items()))}


def _all(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return {str(name): counts.get(name, 0) for name in names}


def _json_line(difference: Difference) -> bytes:
    return _dumps(difference.to_json()) + b"\n"


def _dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(difference: Difference) -> Iterator[tuple[str, ...]]:
    start = (difference.kind, difference.subject, difference.label or "")
    for change, statements in (("removed", difference.removed), ("added", difference.added)):
        for each in statements:
            yield (change, *start, *_cells(each))


def _cells(statement: Statement) -> tuple[str, ...]:
    shown = statement.value
    value = str(shown.get("iri", shown.get("value", "")))
    datatype, language = str(shown.get("datatype", "")), str(shown.get("language", ""))
    return (statement.graph, statement.predicate, value, datatype, language)


def _patch_head(before: str, after: str) -> Iterator[bytes]:
    for word, identifier in (("from", before), ("to", after)):
        yield f'H {word} "{identifier}" .\n'.encode()
    yield b"TX .\n"


def _graph(name: str) -> bytes:
    return f"{graph_term(name)} .".encode()


def _patch_lines(operation: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    return (operation + b" " + line + b"\n" for line in lines)
