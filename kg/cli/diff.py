"""``sarcoma-kg diff``: which facts two snapshots do not share."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import typer

from kg.cli.asked import home_asked
from kg.cli.options import Home
from kg.cli.output import opened_output
from kg.cli.output_options import (
    DifferenceForm,
    DifferenceFormat,
    Earlier,
    ExitCodeWanted,
    Later,
    OutputFile,
    SummaryAlone,
)
from kg.difference_writing import write_differences
from kg.export import known_prefixes
from kg.namespaces import Namespaces, read_namespaces
from kg.release_changes import change_lines, count_lines, read_kind
from kg.release_side import CURRENT, PREVIOUS, open_side
from kg.settings import read_settings
from kg.shipped import find_shipped

__all__ = ["EXAMPLES", "diff"]

EXAMPLES = """\b
Examples:
  sarcoma-kg diff 448eb71f current --summary
  sarcoma-kg diff old.nq sarcoma-kg-release --format patch --output changes.rdfp
"""

_DIFFERS = 1


_FILES: Mapping[DifferenceForm, str] = {
    DifferenceForm.JSONL: "subjects.jsonl",
    DifferenceForm.CSV: "statements.csv",
    DifferenceForm.PATCH: "changes.rdfp",
}


def diff(
    before: Earlier = PREVIOUS,
    after: Later = CURRENT,
    *,
    form: DifferenceFormat = DifferenceForm.TEXT,
    summary: SummaryAlone = False,
    exit_code: ExitCodeWanted = False,
    output: OutputFile = None,
    home: Home = None,
) -> None:
    """Tell which facts two snapshots do not share, by kind.

    A fact is what is said of one subject. Its mark is + added, - removed, ~ changed, = only what is
    inferred is another.
    """
    if summary and form in _FILES:
        raise typer.BadParameter(f"--summary has no form {form.value}; leave out one of both")
    shipped = find_shipped()
    kept = home_asked(read_settings(home=home), shipped)
    named = read_namespaces(shipped.context)
    names = Namespaces(known_prefixes(named), named.ontology)
    with (
        open_side(kept, before) as old,
        open_side(kept, after) as new,
        tempfile.TemporaryDirectory(prefix="sarcoma-kg-") as made,
    ):
        found = write_differences(old, new, Path(made), names)
        with opened_output(None if output == Path("-") else output) as opened:
            _write(form, found, Path(made), opened, with_facts=not summary)
    if exit_code and _differs(found):
        raise typer.Exit(_DIFFERS)


def _write(
    form: DifferenceForm,
    found: Mapping[str, Any],
    made: Path,
    output: IO[bytes],
    *,
    with_facts: bool,
) -> None:
    subjects = made / "subjects.jsonl"
    if form in _FILES:
        with (made / _FILES[form]).open("rb") as file:
            shutil.copyfileobj(file, output)
    elif form is DifferenceForm.JSON:
        output.writelines(_json(found, subjects if with_facts else None))
    else:
        lines = (*count_lines(found),) if _differs(found) else ("nothing differs",)
        output.write(f"from {found['from']}\nto   {found['to']}\n".encode())
        output.writelines(f"{line}\n".encode() for line in lines)
        if with_facts:
            output.writelines(_facts(found, subjects))


def _facts(found: Mapping[str, Any], subjects: Path) -> Iterator[bytes]:
    for kind in sorted(found["kinds"]):
        yield f"\n{kind}\n".encode()
        for fact in read_kind(subjects, kind):
            yield "".join(f"{line}\n" for line in change_lines(fact)).encode(errors="replace")


def _json(found: Mapping[str, Any], subjects: Path | None) -> Iterator[bytes]:
    """Yield one object: what the summary has, and the facts as they are in the file."""
    head = json.dumps(found, ensure_ascii=False)
    if subjects is None:
        yield f"{head}\n".encode()
        return
    yield f'{head[:-1]}, "facts": ['.encode()
    with subjects.open("rb") as file:
        for number, line in enumerate(file):
            yield (b",\n" if number else b"\n") + line.rstrip(b"\n")
    yield b"]}\n"


def _differs(found: Mapping[str, Any]) -> bool:
    return any((*found["quads"].values(), *found["emptyGraphs"].values()))
