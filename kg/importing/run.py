"""An import from its files to its folder: resumed where it was left, kept whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from kg.importing.checkpoint import Checkpoint, Workplace, read_checkpoint, start_anew
from kg.importing.folder import (
    DESCRIPTION_FILE,
    GRAPH_FILE,
    REJECTS_FILE,
    UNMATCHED_FILE,
    Description,
    Import,
    ImportDamagedError,
    read_import,
)
from kg.importing.gate import ImportGate
from kg.importing.importer import Importer
from kg.importing.keeping import Target, import_locked
from kg.importing.pipeline import Limits, Pipeline
from kg.importing.progress import ImportProgress, SilentImport
from kg.importing.record import RejectRule
from kg.importing.runs import Merged, merge_runs
from kg.importing.source_files import SourceFile, changed_files, digest_files, unzipped
from kg.importing.statement import import_graph
from kg.importing.tally import REJECTS_HEADER, Tally
from kg.importing.terms import Terms
from kg.problem import Place, Problem, Refused

__all__ = ["Options", "Order", "Outcome", "run_import"]

_SHOWN = 20
_NAMED = 3


@dataclass(frozen=True)
class Options:
    """How an import is wanted.

    ``version`` is what a user says where files state none, ``retrieved`` a date as YYYY-MM-DD:
    that of the first import of these files where it is None. ``only_matched`` leaves out records
    that refer to nothing of this graph, ``strict`` refuses all where anything is rejected.
    """

    version: str | None = None
    retrieved: str | None = None
    only_matched: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how; ``code`` tells the code that does it from other versions."""

    importer: Importer
    files: tuple[SourceFile, ...]
    terms: Terms
    gate: ImportGate
    code: str
    options: Options = field(default_factory=Options)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Outcome:
    """An import that is there; ``is_new`` tells that it was made just now, in so many seconds."""

    made: Import
    is_new: bool
    seconds: float = 0.0


def run_import(order: Order, target: Target, progress: ImportProgress | None = None) -> Outcome:
    """Import files, or take the import that was made of the same.

    Raises Refused where nothing can be kept, or with ``strict`` not everything; the former import
    then stays. Killed at any moment, the former import stays too, and the same order goes on.
    """
    started, listener = time.monotonic(), progress or SilentImport()
    digests = digest_files(order.files)
    key, folder = _key(order, digests), _workplace(target)
    if not folder.exists() and (found := target.find_made(key)):
        return Outcome(found, is_new=False)
    with import_locked(target, listener):
        if found := target.find_made(key):
            _clear(folder, key)
            target.tidy()
            return Outcome(found, is_new=False)
        state = _begin(folder, key, _retrieved(order, target, digests), listener)
        with closing(Workplace(folder, state)) as workplace:
            made = _make(order, workplace, digests, listener)
        _tell_replaced(_former(target), digests, listener)
        kept = target.keep(made, key)
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(kept, is_new=True, seconds=time.monotonic() - started)


def _workplace(target: Target) -> Path:
    return target.place.with_name(f".importing-{target.place.name}")


def _clear(folder: Path, key: str) -> None:
    """Remove what is left of an import that is finished; that of other files may go on."""
    left = read_checkpoint(folder)
    if left is None or left.key == key:
        shutil.rmtree(folder, ignore_errors=True)


def _key(order: Order, digests: Mapping[str, str]) -> str:
    """Return the digest of all that makes one import differ from another."""
    source = {name: value for name, value in vars(order.importer).items() if isinstance(value, str)}
    told = [source, dict(digests), order.terms.digest, order.code, asdict(order.options)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _retrieved(order: Order, target: Target, digests: Mapping[str, str]) -> str:
    if order.options.retrieved is None:
        former = _former(target)
        if former and former.description.files == digests:
            return former.description.retrieved
    return order.options.retrieved or datetime.now(UTC).date().isoformat()


def _former(target: Target) -> Import | None:
    """Return the import that stands where another is wanted, or None where none can be read."""
    try:
        return read_import(target.place)
    except ImportDamagedError:
        return None


def _tell_replaced(
    former: Import | None, digests: Mapping[str, str], listener: ImportProgress
) -> None:
    """Say which import of other files is given up."""
    if former is None or former.description.files == digests:
        return
    names = sorted(former.description.files)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    listener.say(
        f"replaces the import of {former.description.retrieved} with "
        f"{former.counts.kept:,} records from {', '.join(names[:_NAMED])}{more}"
    )


def _begin(folder: Path, key: str, retrieved: str, listener: ImportProgress) -> Checkpoint:
    """Return the checkpoint to go on from: that of a former process, or the beginning."""
    found = read_checkpoint(folder)
    if found and found.key == key:
        if found.items:
            listener.say(f"going on after {found.items:,} records of an import that was cut off")
        return found
    if found:
        listener.say("an import was cut off, of other files or options: it is begun anew")
    start_anew(folder)
    return Checkpoint(key, retrieved)


def _make(
    order: Order, workplace: Workplace, digests: Mapping[str, str], listener: ImportProgress
) -> Path:
    """Return the finished folder of an import; raises Refused, and then nothing is left."""
    folder, state = workplace.folder, workplace.state
    try:
        paths = _paths(order, folder)
        version = order.options.version or order.importer.version_of(paths) or ""
        if not state.is_read:
            workplace.save()
            _take(order, paths, workplace, listener)
            if changed := changed_files(order.files):
                raise Refused(map(_changed, changed))
        _check(order, workplace)
    except Refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made = folder / "made"
    start_anew(made)
    listener.say(f"sorting the triples of {state.tally.kept:,} records")
    merged = merge_runs(folder, state.runs, made / GRAPH_FILE)
    _write(made, workplace, _describe(order, version, digests, workplace, merged))
    return made


def _paths(order: Order, folder: Path) -> Sequence[Path]:
    if order.importer.is_unzipped:
        return unzipped(order.files, folder / "unzipped")
    return [file.path for file in order.files]


def _take(
    order: Order, paths: Sequence[Path], workplace: Workplace, listener: ImportProgress
) -> None:
    graph = import_graph(order.importer.name)
    wanted = order.options.only_matched
    pipeline = Pipeline(workplace, order.gate, graph, listener, wanted, order.limits)
    pipeline.take(order.importer.read(paths, order.terms))


def _check(order: Order, workplace: Workplace) -> None:
    """Raise Refused where nothing can be kept or, if wanted, where anything was rejected."""
    tally = workplace.state.tally
    rejected = tally.rejects.total()
    if tally.kept and not (order.options.strict and rejected):
        return
    problems = [_problem(line) for line in islice(workplace.read_rejects(), _SHOWN)]
    more = f", of which the first {_SHOWN} are listed" if rejected > _SHOWN else ""
    reason = f"{_reason(tally)}{more}"
    raise Refused([*problems, Problem(Place(f"import {order.importer.name}", 0), reason)])


def _reason(tally: Tally) -> str:
    """Return why nothing is imported."""
    if tally.kept:
        rejected = tally.rejects.total()
        return f"refused whole, as it must be without rejects: there are {rejected:,}"
    if tally.left_out:
        return (
            f"no record of {tally.read:,} can be kept: {tally.left_out:,} can be read, and none "
            "of them refers to a thing of this graph; leave --only-matched out to keep them"
        )
    return f"no record of {tally.read:,} can be kept; nothing is imported"


def _problem(line: str) -> Problem:
    place, rule, record, message = line.rstrip("\n").split("\t")
    shown = f"{record}: {message}" if record else message
    return Problem(Place(place, 0), shown if rule != RejectRule.DUPLICATE else f"{rule}: {shown}")


def _changed(file: SourceFile) -> Problem:
    return Problem(Place(str(file.path), 0), "it was changed while it was read; import it again")


def _describe(
    order: Order,
    version: str,
    digests: Mapping[str, str],
    workplace: Workplace,
    merged: Merged,
) -> Description:
    importer = order.importer
    return Description(
        name=importer.name,
        title=importer.title,
        source=importer.source,
        version=version,
        licence=importer.licence,
        attribution=importer.attribution,
        retrieved=workplace.state.retrieved,
        files=dict(digests),
        digest=merged.digest,
        terms=order.terms.digest,
        only_matched=order.options.only_matched,
        counts=workplace.state.tally.counts(merged.lines),
        refers=sorted(workplace.state.tally.refers),
    )


def _write(made: Path, workplace: Workplace, description: Description) -> None:
    _write_lines(made / REJECTS_FILE, [REJECTS_HEADER], workplace.read_rejects())
    _write_lines(made / UNMATCHED_FILE, workplace.state.tally.unmatched_lines())
    (made / DESCRIPTION_FILE).write_text(description.to_json(), encoding="utf-8", newline="\n")


def _write_lines(path: Path, *parts: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for lines in parts:
            file.writelines(lines)
