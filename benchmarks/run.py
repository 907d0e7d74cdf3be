"""One run: graphs made, servers started, rounds asked, and what needs no server measured."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import building, inside
from benchmarks.agreements import compare_answers
from benchmarks.client import Client, Unanswered, get_request
from benchmarks.contenders import Plan, Started, start_all
from benchmarks.generate import write_graph
from benchmarks.goals import VIOLATIONS
from benchmarks.options import Options, read_size
from benchmarks.peers import ours_served
from benchmarks.process_cost import cpu_nanoseconds, memory_bytes
from benchmarks.questions import ROUTES
from benchmarks.results import Figure, Results
from benchmarks.rounds import Contender, Measurements, measure_rounds
from benchmarks.shipped_growth import shipped_growth
from benchmarks.tasks import all_tasks, takes_routes
from kg.snapshot import Snapshot, find_current

__all__ = ["run"]

_WARMING = 900.0
_PAUSE = 2.0
_READ = "paths"
_FOUND = 200
_PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "pyshacl", "uvicorn", "fastapi")

Note = Callable[[str], None]


def run(options: Options) -> Results:
    """Measure everything that the options ask for."""
    results = Results(machine=_machine(), options=_shown(options))
    with _work_folder(options.work) as folder:
        graphs, drugs = _graphs(options, folder, results)
        plan = Plan(
            graphs, drugs, options.compared_at, options.peers, folder / "served", options.rdflib
        )
        shutil.rmtree(plan.folder, ignore_errors=True)
        plan.folder.mkdir(parents=True)
        with ExitStack() as stack:
            _measure_served(options, start_all(plan, stack, _note), results)
        _measure_inside(options, plan, folder, results)
    return results


def _measure_served(options: Options, started: Started, results: Results) -> None:
    results.missing, results.builds = started.missing, started.builds
    contenders = started.contenders
    _keep(results.memory, "after the start", contenders)
    _warm(contenders)
    compared = [each for each in contenders if each.size == options.compared_at]
    engines = [each for each in compared if not _is_hello(each)]
    if engines:
        results.answers = compare_answers(engines, _note)
    measured = measure_rounds(
        all_tasks(options.rounds, options.compared_at),
        contenders,
        rounds=options.rounds,
        seconds=options.seconds,
        note=_note,
    )
    _take(results, measured)
    _keep(results.memory, "after all rounds", contenders)
    for each in contenders:
        results.starts.setdefault(each.size, {})[each.peer.name] = each.peer.seconds


def _measure_inside(options: Options, plan: Plan, folder: Path, results: Results) -> None:
    smallest = _snapshot(plan.folder / f"ours-{options.sizes[0]}")
    largest = _snapshot(plan.folder / f"ours-{options.sizes[-1]}")
    built = plan.graphs[options.built_at]
    drugs = plan.drugs
    ends = {size: plan.graphs[size] for size in (options.sizes[0], options.sizes[-1])}
    two = [size for size in options.sizes if read_size(size) <= read_size(options.built_at)][-2:]
    steps: dict[str, Callable[[], Any]] = {
        "validation": lambda: _validation(options, folder),
        "bulk load, memory": lambda: building.bulk_load_cost(built, None),
        "bulk load, disk": lambda: building.bulk_load_cost(built, plan.folder / "bulk"),
        "build without gate": lambda: building.build_cost(
            built, plan.folder / "ungated", is_gated=False
        ),
        "build and validate": lambda: building.build_cost(built, plan.folder / "gated"),
        "cold start": lambda: _cold_start(plan.folder / "shipped"),
        "evaluation, microseconds": lambda: inside.evaluation_cost(
            built, drugs[options.built_at], options.rounds
        ),
        "growth in memory": lambda: inside.engine_growth(ends, drugs, options.rounds),
    }
    if len(two) > 1:
        steps["shipped queries"] = lambda: shipped_growth(
            plan.graphs[two[0]], plan.graphs[two[1]], drugs[two[1]] / drugs[two[0]]
        )
    if smallest and largest:
        steps |= {
            "first answer, smallest": lambda: inside.open_and_answer(smallest, options.rounds),
            "first answer, largest": lambda: inside.open_and_answer(largest, options.rounds),
            "worker hop": lambda: inside.worker_hop(smallest, options.rounds),
            "paths": lambda: inside.compare_paths(
                smallest, drugs[options.sizes[0]], options.rounds
            ),
        }
    for name, step in steps.items():
        _note(f"without HTTP: {name}")
        try:
            results.inside[name] = step()
        except Exception as error:
            results.inside[name] = {"failed": f"{type(error).__name__}: {error}"[:300]}
            _note(f"failed: {name}: {error}")


def _validation(options: Options, folder: Path) -> dict[str, float | int | bool]:
    size = options.sizes[0]
    broken = folder / f"broken-{size}.nq"
    write_graph(broken, read_size(size), options.seed, violations=VIOLATIONS)
    return inside.compare_validation(broken)


def _cold_start(home: Path) -> dict[str, float]:
    """Return the seconds from the command to the first answer on the shipped graph, once built."""
    subprocess.run(
        [Path(sys.executable).parent / "sarcoma-kg", "build", "--home", str(home)],
        check=True,
        capture_output=True,
    )
    taken, spent = [], []
    for _ in range(3):
        with ours_served(None, home, in_memory=True) as peer:
            taken.append(peer.seconds)
            spent.append(cpu_nanoseconds(peer.process) / 1e9)
    return {
        "seconds": sorted(taken)[1],
        "worst_seconds": max(taken),
        "cpu_seconds": sorted(spent)[1],
    }


def _graphs(
    options: Options, folder: Path, results: Results
) -> tuple[dict[str, Path], dict[str, int]]:
    graphs, drugs = {}, {}
    for size in options.sizes:
        _note(f"generating {size}")
        graphs[size] = folder / f"graph-{size}-{options.seed}.nq"
        try:
            planned = write_graph(graphs[size], read_size(size), options.seed)
        except ValueError as error:
            raise SystemExit(f"benchmarks: --sizes {size}: {error}") from None
        drugs[size], results.quads[size] = len(planned.kinds), planned.size
    return graphs, drugs


def _warm(contenders: Sequence[Contender]) -> None:
    """Ask each route once: the indexes behind it are made when first needed.

    Large graphs are read meanwhile, which would be counted as the cost of queries.
    """
    for contender in (each for each in contenders if each.peer.is_ours):
        _note(f"warming {contender.peer.name} at {contender.size}")
        with Client(contender.peer.port, connections=1, seconds=_WARMING) as client:
            _await_reading(client, contender.drugs)
            for route in ROUTES if takes_routes(contender) else ():
                try:
                    client.ask([get_request(route.target(1, contender.drugs))])
                except Unanswered as error:
                    _note(f"{route.name}: {error}")


def _await_reading(client: Client, drugs: int) -> None:
    """Wait until the server has read what paths are answered from."""
    (route,) = (each for each in ROUTES if each.name == _READ)
    request, until = get_request(route.target(1, drugs)), time.monotonic() + _WARMING
    while time.monotonic() < until:
        if client.ask([request])[0].status == _FOUND:
            return
        time.sleep(_PAUSE)
    _note("what paths are answered from is still being read")


def _take(results: Results, found: Measurements) -> None:
    for cell in found.cells():
        cpu, wall = found.cpu(cell), found.wall(cell)
        assert cpu is not None
        assert wall is not None
        rounds = len(found.samples[cell])
        mode = cell.mode.value
        results.figures.append(Figure(cell.size, cell.peer, cell.question, mode, cpu, wall, rounds))
    for cell, why in found.failures.items():
        results.failures.append(
            {
                "size": cell.size,
                "peer": cell.peer,
                "question": cell.question,
                "mode": cell.mode.value,
                "why": why,
            }
        )


def _keep(
    memory: dict[str, dict[str, float]], moment: str, contenders: Sequence[Contender]
) -> None:
    memory[moment] = {
        f"{each.peer.name} at {each.size}": memory_bytes(each.peer.process) / 2**20
        for each in contenders
    }


def _is_hello(contender: Contender) -> bool:
    return contender.peer.name.startswith("bare")


def _snapshot(home: Path) -> Snapshot | None:
    places = (path for path in (home / "datasets").glob("*") if path.is_dir())
    return next(filter(None, map(find_current, places)), None)


@contextmanager
def _work_folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-benchmark-") as folder:
        yield Path(folder)


def _machine() -> dict[str, str]:
    """Return what the figures depend on, without any name or path."""
    found = {"Python": platform.python_version(), "system": platform.system()}
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    found["processors"] = f"{len(models)} x {models[0] if models else 'unknown'}"
    with Path("/proc/meminfo").open(encoding="utf-8") as lines:
        kibibytes = int(next(lines).split()[1])
    found["memory"] = f"{kibibytes / 2**20:.0f} GiB"
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _shown(options: Options) -> dict[str, Any]:
    return {
        "sizes": list(options.sizes),
        "compared at": options.compared_at,
        "built at": options.built_at,
        "rounds": options.rounds,
        "seconds a batch": options.seconds,
        "peers": list(options.peers),
        "seed": options.seed,
        "quick": options.is_quick,
    }


def _note(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
