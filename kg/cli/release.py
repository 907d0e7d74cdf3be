"""``sarcoma-kg release``: every form of a snapshot in one folder, or a check of one."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import typer

from kg.cli.asked import find_asked, home_asked
from kg.cli.claims_reader import get_claims_reader
from kg.cli.display import print_note
from kg.cli.options import Data, Home, SnapshotPrefix
from kg.cli.output_options import Day, ReleaseFolder, Replace, Since, Verify
from kg.problem import Refused
from kg.release import Order, Stage, write_release
from kg.release_check import check_release
from kg.release_side import find_previous, open_side
from kg.settings import read_settings
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, get_current, hold

__all__ = ["EXAMPLES", "release"]

EXAMPLES = """\b
Examples:
  sarcoma-kg release sarcoma-kg-release --date 2026-12-01
  sarcoma-kg release --verify sarcoma-kg-release
"""

_NONE = "none"


def release(
    context: typer.Context,
    folder: ReleaseFolder,
    *,
    verify: Verify = False,
    replace: Replace = False,
    since: Since = None,
    day: Day = None,
    home: Home = None,
    data: Data = None,
    snapshot: SnapshotPrefix = None,
) -> None:
    """Write every form of a snapshot into one folder, or check one.

    RDF, KGX, SSSOM, ontology, shapes and queries, a description as RO-Crate and VoID, digests,
    licences, what changed, and how to cite it. The folder appears when all is written; the same
    snapshot, date and --since give the same bytes. With --verify, digests, the snapshot's id and
    counts are compared.
    """
    if verify:
        _verify(folder)
        return
    shipped = find_shipped()
    settings = read_settings(home=home, data=data)
    reader = get_claims_reader(context)
    chosen = _read_day(day)
    kept = home_asked(settings, shipped)
    asked = find_asked(settings, snapshot, shipped) or get_current(kept)
    began = time.monotonic()
    with hold(asked), _before(kept, asked, since) as before:
        order = Order(asked, shipped, chosen or _day_of(asked), before, reader)
        facts = write_release(order, folder, replaces=replace, tell=_tell)
    for each in facts.left_out:
        print_note(f"left out: {each}")
    print_note(f"{time.monotonic() - began:.1f} s; check it with sarcoma-kg release --verify")
    typer.echo(facts.version)


def _verify(folder: Path) -> None:
    if not folder.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(folder))
    if problems := list(check_release(folder)):
        raise Refused(problems)
    print_note("every digest, id and count is as the release says")


def _tell(stage: Stage) -> None:
    print_note(f"{stage.name}: {stage.files:,} files, {stage.size:,} bytes, {stage.seconds:.1f} s")


@contextmanager
def _before(home: Path, asked: Snapshot, since: str | None) -> Iterator[Snapshot | None]:
    if since == _NONE:
        yield None
    elif since is not None:
        with open_side(home, since) as found:
            yield found
    elif found_before := find_previous(home, asked):
        with hold(found_before):
            yield found_before
    else:
        yield None


def _read_day(given: str | None) -> str | None:
    """Return the date that was given here or in the environment; raises BadParameter."""
    if given is not None:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", given) or not _is_day(given):
            raise typer.BadParameter(f"--date {given!r} is no day; write it as 2026-12-01")
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return _day(float(epoch)) if re.fullmatch(r"\d{1,11}", epoch) else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day_of(snapshot: Snapshot) -> str:
    return _day(snapshot.nquads.stat().st_mtime)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
