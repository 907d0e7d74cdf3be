"""The results of a run as Markdown, JSON and a plot."""

from __future__ import annotations

from pathlib import Path

from benchmarks.goals import Peers
from benchmarks.plot import Panel, draw
from benchmarks.questions import QUERIES
from benchmarks.results import Results
from benchmarks.tables import all_tables

__all__ = ["BEGIN", "END", "panels", "write_report"]

BEGIN = "<!-- results of the last run: written by python -m benchmarks --out -->"
END = "<!-- end of the results -->"
_DRAWN = (Peers.MEMORY, Peers.DISK, Peers.OXIGRAPH_MEMORY, Peers.OXIGRAPH_DISK)


def write_report(results: Results, out: Path | None) -> str:
    """Return the tables; with a file, write them, and JSON and the plot beside it.

    A file that has the two markers keeps what stands around them.
    """
    text = all_tables(results, plot=f"{out.stem}-growth.svg" if out else "")
    if out is None:
        return text
    results.write(out.with_name(f"{out.stem}-results.json"))
    picture = draw(panels(results), "Processor time a request, by the size of the graph")
    out.with_name(f"{out.stem}-growth.svg").write_text(picture, encoding="utf-8")
    old = out.read_text(encoding="utf-8") if out.exists() else f"{BEGIN}\n{END}\n"
    out.write_text(_between(old, text), encoding="utf-8")
    return text


def _between(old: str, text: str) -> str:
    r"""Return a document with new text between its markers, or at its end.

    >>> _between(f"before\n{BEGIN}\nold\n{END}\nafter\n", "new\n").splitlines()[2]
    'new'
    """
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        before, after = f"{old}\n", "\n"
    return f"{before}{BEGIN}\n{text}{END}{after}"


def panels(results: Results) -> list[Panel]:
    """Return a panel for each query, a line for each engine."""
    return [Panel(query.name, _lines(results, query.name)) for query in QUERIES]


def _lines(results: Results, question: str) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for peer in _DRAWN:
        points = (
            (results.quads[size], results.cpu(size, peer, question))
            for size in results.options["sizes"]
        )
        found[peer] = [(float(quads), cpu) for quads, cpu in points if cpu]
    return found
