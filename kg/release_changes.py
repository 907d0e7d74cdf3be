"""What changed since a former snapshot, as a text to read: counts, then facts by kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from kg.difference import Change

__all__ = ["SIGNS", "change_lines", "count_lines", "first_notes", "read_kind", "write_notes"]

SIGNS: Mapping[str, str] = {
    Change.ADDED: "+",
    Change.REMOVED: "-",
    Change.CHANGED: "~",
    Change.INFERRED: "=",
}
"""How a fact is marked by what became of it."""

_MOST = 200
_LONGEST = 120


def count_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a summary counts: all, claims, then each kind."""
    quads = summary["quads"]
    yield f"quads: {quads['added']:,} added, {quads['removed']:,} removed"
    for name in ("subjects", "claims"):
        yield f"{'facts' if name == 'subjects' else name}: {_counted(summary[name])}"
    for kind, counts in sorted(summary["kinds"].items()):
        yield f"  {_plain(kind)}: {_counted(counts)}"
    for word in ("added", "removed"):
        for graph in summary["emptyGraphs"][word]:
            yield f"empty graph {word}: {_plain(graph)}"


def read_kind(subjects: Path, kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield the facts of a kind out of the file of all, in order."""
    with subjects.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            fact = json.loads(line)
            if fact["kind"] == kind:
                yield fact


def change_lines(fact: Mapping[str, Any]) -> Iterator[str]:
    """Yield what became of a fact: a line, and one for each property of which something changed."""
    label = f" ({_plain(fact['label'])})" if "label" in fact else ""
    yield f"{SIGNS[fact['change']]} {_plain(fact['id'])}{label}"
    if fact["change"] == Change.CHANGED:
        for each in fact["properties"]:
            before, after = (
                ", ".join(map(_value, each[side])) or "nothing" for side in ("before", "after")
            )
            yield f"    {_plain(each['property'])}: {_plain(before)} -> {_plain(after)}"


def write_notes(summary: Mapping[str, Any], subjects: Path, target: Path) -> None:
    """Write the changes of a release as Markdown; of a kind the first few facts are named."""
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# Changes\n\nFrom snapshot `{summary['from']}`\nto snapshot")
        file.write(f" `{summary['to']}`.\n\n```\n")
        file.writelines(f"{line}\n" for line in count_lines(summary))
        file.write(
            "```\n\nAdded `+`, removed `-`, changed `~`, only inferred anew `=`. All of it is in "
            "`changes/`: `subjects.jsonl`, `statements.csv`, and the patch `changes.rdfp`.\n"
        )
        for kind, counts in sorted(summary["kinds"].items()):
            file.write(f"\n## {_plain(kind)}\n\n```\n")
            for fact in islice(read_kind(subjects, kind), _MOST):
                file.writelines(line.replace("```", "'''") + "\n" for line in change_lines(fact))
            if (more := sum(counts.values()) - _MOST) > 0:
                file.write(f"and {more:,} more\n")
            file.write("```\n")


def first_notes(snapshot: str) -> str:
    """Return the notes of a release that nothing is compared with."""
    return (
        f"# Changes\n\nSnapshot `{snapshot}` is compared with none: "
        "there was no former one, or none was named.\n"
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[each]:,} {each.value}" for each in Change)


def _value(shown: Mapping[str, str]) -> str:
    return shown.get("iri") or json.dumps(shown.get("value", ""), ensure_ascii=False)


def _plain(text: str) -> str:
    """Return a text on one line, without what a terminal would obey, and not too long."""
    line = "".join(each if each.isprintable() else " " for each in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
