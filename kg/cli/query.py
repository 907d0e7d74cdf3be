"""``sarcoma-kg query``: a SPARQL query on a snapshot, here and now."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryBoolean, QuerySolutions

from kg.cli.asked import build_asked, find_asked
from kg.cli.display import print_note
from kg.cli.format_names import get_answer_format
from kg.cli.options import Data, Home, SnapshotPrefix, help_of
from kg.cli.output import opened_output
from kg.cli.table import table
from kg.evaluation import Answer, evaluate
from kg.export import known_prefixes
from kg.merging import find_merges
from kg.namespaces import Namespaces, read_namespaces
from kg.query_error import QueryFailedError
from kg.settings import DefaultGraph, read_settings
from kg.shipped import find_shipped
from kg.snapshot import hold, open_database

__all__ = ["EXAMPLES", "query"]

EXAMPLES = """\b
Examples:
  sarcoma-kg query 'SELECT ?name { ?drug a :Drug ; rdfs:label ?name }'
  sarcoma-kg query @question.rq --format csv > answer.csv
"""


def query(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="QUERY",
            help="The query, or @FILE to read it from a file; standard input when left out.",
        ),
    ] = None,
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="table, json, csv, tsv or xml; turtle, ntriples, jsonld and other RDF formats "
            "for CONSTRUCT and DESCRIBE.",
        ),
    ] = "table",
    home: Home = None,
    data: Data = None,
    snapshot: SnapshotPrefix = None,
    default_graph: Annotated[
        DefaultGraph | None,
        typer.Option("--default-graph", help=help_of("default_graph"), show_default=False),
    ] = None,
) -> None:
    """Ask a SPARQL query of the current snapshot.

    It is built when there is none. With --data, a snapshot with your records is asked, and what
    is current stays it. The prefixes of the graph (drug:, histology:, rdfs: and more, and : for
    the ontology) need no declaration.
    """
    settings = read_settings(home=home, data=data, default_graph=default_graph)
    sparql = _text(text)
    accept = None if form == "table" else get_answer_format(form).media_type
    shipped = find_shipped()
    names = read_namespaces(shipped.context)
    asked = find_asked(settings, snapshot, shipped) or build_asked(settings, shipped)
    with hold(asked), asked.nquads.open("rb") as lines, _interruptible():
        store = open_database(asked)
        answer = evaluate(
            store,
            sparql,
            accept=accept,
            union=settings.default_graph is DefaultGraph.UNION,
            prefixes=known_prefixes(names),
            merges=find_merges(store, lines),
        )
        _print(answer, names, as_table=accept is None)


def _text(given: str | None) -> str:
    if given is None or given == "-":
        if sys.stdin.isatty():
            raise typer.BadParameter("give a query, @FILE, or a query on standard input")
        return sys.stdin.read()
    return _read(Path(given[1:])) if given.startswith("@") else given


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            f"{path} is not UTF-8 at byte {error.start + 1}; save it as UTF-8"
        ) from None
    except OSError as error:
        raise typer.BadParameter(
            f"{path} cannot be read: {error.strerror}; give the file of a query after @"
        ) from None


def _print(answer: Answer, names: Namespaces, *, as_table: bool) -> None:
    note = None
    with opened_output(None) as output:
        if as_table and isinstance(answer.results, QuerySolutions):
            shown, count = _table(answer.results, names)
            output.write(shown.encode())
            note = "1 row" if count == 1 else f"{count:,} rows"
        elif as_table and isinstance(answer.results, QueryBoolean):
            output.write(b"true\n" if answer.results else b"false\n")
        else:
            output.write(answer.body())
    if note:
        print_note(note)


def _table(rows: QuerySolutions, names: Namespaces) -> tuple[str, int]:
    try:
        return table(rows, names)
    except (RuntimeError, OSError) as error:
        raise QueryFailedError(f"the engine gave up: {error}") from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine never looks whether it was pressed."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
