"""What is in a release, and under which licences, as texts to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.release_data import graph_file
from kg.release_facts import AUTHOR, HOME_PAGE, ReleaseFacts
from kg.release_file import ReleaseFile

__all__ = ["licence_table", "overview"]

_FOLDERS = {
    "graphs/": "each graph of ours, and of users",
    "imports/": "each import, under its own licence",
    "kgx/": "nodes and edges in the terms of Biolink, claims and each import apart",
    "mappings/": "the mapping sets, as SSSOM",
    "ontology/": "ontology, context of the records, rules",
    "shapes/": "SHACL shapes and checks",
    "queries/": "competency questions with their rows",
    "examples/": "example queries",
    "changes/": "what changed, fact by fact and as a patch",
}


def overview(facts: ReleaseFacts, files: Sequence[ReleaseFile]) -> str:
    """Return the text that tells what is in a release."""
    return "\n".join(_overview(facts, files)) + "\n"


def _overview(facts: ReleaseFacts, files: Sequence[ReleaseFile]) -> Iterator[str]:
    yield f"# {facts.title}\n"
    yield f"Release {facts.version}" + (f", by {AUTHOR}, {HOME_PAGE}" if facts.is_ours else "")
    yield f"\nSnapshot `{facts.snapshot}`: {facts.quads:,} quads, {facts.claims:,} claims."
    yield "`SHA256SUMS` has the digests of all files (`sha256sum --check SHA256SUMS`),"
    credit = ", `CITATION.txt` whom to credit" if facts.is_ours else ""
    yield f"`LICENCES.md` the licence of each graph{credit}.\n"
    yield "| file | what |\n|---|---|"
    for each in files:
        if "/" not in each.name:
            yield f"| `{each.name}` | {each.what} |"
    for folder, what in _FOLDERS.items():
        if any(each.name.startswith(folder) for each in files):
            yield f"| `{folder}` | {what} |"
    if facts.left_out:
        yield "\nLeft out:\n"
        yield from (f"- `{each}`" for each in facts.left_out)


def licence_table(facts: ReleaseFacts) -> str:
    """Return the licence of each graph, with its file and whom to credit."""
    lines = [
        "# Licences\n",
        "Files with all graphs (`data.*`) hold graphs under different licences: a collection. "
        "`data-without-imports.nq` holds none of the imports.\n",
        "| graph | file | licence | credit |\n|---|---|---|---|",
    ]
    for each in facts.graphs:
        cells = (
            each.iri or "(default graph)",
            f"`{graph_file(each.iri)}`",
            each.licence or "not stated",
            each.attribution or (AUTHOR if each.licence else ""),
        )
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
