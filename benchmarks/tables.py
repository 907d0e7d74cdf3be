"""The results of a run as tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.answers import Agreement
from benchmarks.goals import GOALS, Peers, growth
from benchmarks.questions import QUERIES, ROUTES
from benchmarks.results import Results

__all__ = ["all_tables"]

_NONE = "-"
_GROWING = (Peers.MEMORY, Peers.OXIGRAPH_MEMORY, Peers.DISK, Peers.OXIGRAPH_DISK)


def all_tables(results: Results, *, plot: str = "") -> str:
    """Return all tables, each under its heading, and a link to the plot."""
    parts = [
        *_machine(results),
        *_goals(results),
        *_queries(results, "fresh"),
        *_queries(results, "cached"),
        *_by_the_clock(results),
        *_routes(results),
        *_growth(results, plot),
        *_answers(results),
        *_inside(results),
        *_builds(results),
        *_memory(results),
        *_left_out(results),
    ]
    return "\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _machine(results: Results) -> Iterator[str]:
    said = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    sizes = ", ".join(f"{size}: {quads:,}" for size, quads in results.quads.items())
    options = results.options
    yield f"Run on: {said}. Graphs, in quads: {sizes}, of seed {options['seed']}. "
    yield (
        f"Medians of {options['rounds']} interleaved rounds, "
        f"each batch about {options['seconds a batch']:g} s of requests on four connections."
    )
    if options["quick"]:
        yield "**A quick run: its batches are too short for figures to quote.**"
    yield ""


def _goals(results: Results) -> Iterator[str]:
    yield "### Goals"
    yield ""
    rows = []
    for goal in GOALS:
        value = goal.measure(results)
        shown = "not measured" if value is None else f"{_short(value)}{goal.shown_unit}"
        reached = "" if value is None else "yes" if goal.is_reached(value) else "**no**"
        rows.append((goal.text, goal.mode, goal.wanted, shown, reached))
    yield from _table(("goal", "engine of ours", "wanted", "measured", "reached"), rows)


def _queries(results: Results, mode: str) -> Iterator[str]:
    size = results.options["compared at"]
    peers = _peers(results, size)
    yield f"### Queries at {size}, {mode}: processor microseconds a request"
    yield ""
    rows = (
        (query.name, *(_time(results.cpu(size, peer, query.name, mode)) for peer in peers))
        for query in QUERIES
    )
    yield from _table(("query", *peers), rows)


def _by_the_clock(results: Results) -> Iterator[str]:
    size = results.options["compared at"]
    peers = _peers(results, size)
    walls = {(f.peer, f.question, f.mode): f.wall for f in results.figures if f.size == size}
    yield f"### Queries at {size}, fresh: microseconds by the clock, four requests under way"
    yield ""
    rows = (
        (query.name, *(_time(walls.get((peer, query.name, "fresh"))) for peer in peers))
        for query in QUERIES
    )
    yield from _table(("query", *peers), rows)


def _routes(results: Results) -> Iterator[str]:
    size, ours = results.options["compared at"], (Peers.MEMORY, Peers.DISK)
    modes = ("fresh", "cached", "304")
    yield f"### JSON routes at {size}: processor microseconds a request"
    yield ""
    questions = [*(route.name for route in ROUTES), "ASK"]
    rows = (
        (name, *(_time(results.cpu(size, peer, name, mode)) for peer in ours for mode in modes))
        for name in questions
    )
    yield from _table(("route", *(f"{peer}, {mode}" for peer in ours for mode in modes)), rows)


def _growth(results: Results, plot: str) -> Iterator[str]:
    sizes = results.options["sizes"]
    if len(sizes) < 2:
        return
    yield f"### Growth from {sizes[0]} to {sizes[-1]}, fresh"
    yield ""
    if plot:
        yield f"![Processor time a request by the size of the graph]({plot})"
        yield ""
    names = [*(query.name for query in QUERIES), *(route.name for route in ROUTES)]
    rows = ((name, *(_ratio(growth(results, peer, name)) for peer in _GROWING)) for name in names)
    yield from _table(("question", *_GROWING), rows)
    held = results.inside.get("growth in memory", {})
    if held and "failed" not in held:
        yield "The same queries without HTTP, in memory, processor microseconds:"
        yield ""
        rows_inside = (
            (name, *(_time(value) for value in found.values()), _ratio(_last_to_first(found)))
            for name, found in held.items()
        )
        first = next(iter(held.values()))
        yield from _table(("query", *first, "growth"), rows_inside)


def _last_to_first(found: dict[str, float]) -> float:
    values = list(found.values())
    return values[-1] / values[0]


def _answers(results: Results) -> Iterator[str]:
    if not results.answers:
        return
    yield f"### Answers compared with those of {_peers(results, results.options['compared at'])[0]}"
    yield ""
    peers = [name for name in next(iter(results.answers.values())) if name != "rows"]
    rows = (
        (name, found["rows"], *(_agreement(found.get(peer, "")) for peer in peers))
        for name, found in results.answers.items()
    )
    yield from _table(("query", "rows", *peers), rows)


def _agreement(text: str) -> str:
    return "equal, other lexical forms" if text == Agreement.LEXICAL else text


def _inside(results: Results) -> Iterator[str]:
    yield "### Without HTTP"
    yield ""
    rows = []
    for name, found in results.inside.items():
        if name != "growth in memory":
            shown = "; ".join(
                f"{key.replace('_', ' ')} {_any(value)}" for key, value in found.items()
            )
            rows.append((name, shown))
    yield from _table(("what", "measured"), rows)


def _builds(results: Results) -> Iterator[str]:
    if not results.builds:
        return
    yield "### Building and gating a snapshot of a file"
    yield ""
    yield "Processes count the memory of the benchmark that started them, about 200 MiB, too."
    yield ""
    rows = (
        (
            size,
            f"{results.quads[size]:,}",
            *(f"{found[name]:,.1f}" for name in ("cpu_seconds", "wall_seconds")),
            f"{found['largest_mib']:,.0f}",
        )
        for size, found in results.builds.items()
    )
    heads = (
        "graph",
        "quads",
        "processor seconds",
        "seconds by the clock",
        "largest process, MiB",
    )
    yield from _table(heads, rows)


def _memory(results: Results) -> Iterator[str]:
    yield "### Memory and start"
    yield ""
    moments = list(results.memory)
    seconds = {
        f"{peer} at {size}": taken
        for size, found in results.starts.items()
        for peer, taken in found.items()
    }
    servers = list(results.memory[moments[0]]) if moments else []
    rows = (
        (
            server,
            *(f"{results.memory[moment].get(server, 0):,.0f}" for moment in moments),
            f"{seconds.get(server, 0):.1f}",
        )
        for server in servers
    )
    heads = (*(f"MiB {moment}" for moment in moments), "seconds to the first answer")
    yield from _table(("server", *heads), rows)


def _left_out(results: Results) -> Iterator[str]:
    if results.missing or results.failures:
        yield "### Left out"
        yield ""
    for server, why in results.missing.items():
        yield f"- {server}: {_line(why)}"
    for failure in results.failures:
        asked = f"{failure['question']}, {failure['mode']}, {failure['peer']} at {failure['size']}"
        yield f"- {asked}: {_line(failure['why'])}"
    yield ""


def _peers(results: Results, size: str) -> list[str]:
    found = dict.fromkeys(f.peer for f in results.figures if f.size == size)
    first = [peer for peer in _GROWING if peer in found]
    others = [peer for peer in found if peer not in first and peer != Peers.HELLO]
    return [*first, *others]


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _time(microseconds: float | None) -> str:
    return _NONE if microseconds is None else f"{microseconds:,.0f}"


def _ratio(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}x"


def _short(value: float) -> str:
    """Return a number with about three digits.

    >>> _short(0.0123), _short(1.234), _short(56.78)
    ('0.012', '1.23', '57')
    """
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _any(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _short(value)
    if isinstance(value, list):
        return ", ".join(f"{name} {_short(ratio)}x" for name, ratio in value)
    return f"{value:,}" if isinstance(value, int) else str(value)
