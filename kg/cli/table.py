"""Rows of a query as a table that a person reads."""

from __future__ import annotations

import io
import shutil
import sys

from pyoxigraph import Literal, NamedNode, QuerySolutions
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.namespaces import Namespaces

__all__ = ["table"]

_UNBOUNDED = 100_000


def table(rows: QuerySolutions, names: Namespaces) -> tuple[str, int]:
    """Return the rows as text with CURIEs, and how many there are.

    On a terminal long cells are folded to its width; elsewhere a row is a line.
    """
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for variable in rows.variables:
        shown.add_column(variable.value, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_cell(term, names)) for term in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNBOUNDED
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(shown)
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "".join(f"{line}\n" for line in lines), shown.row_count


def _cell(term: object, names: Namespaces) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return names.shorten(term.value)
    return term.value if isinstance(term, Literal) else str(term)
