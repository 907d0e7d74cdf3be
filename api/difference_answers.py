"""The differences between two snapshots as answers: pages of JSON, a table, a patch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from api.answers import write_json
from api.download_sending import Sent
from api.kinds import KINDS
from api.paging import page_of
from api.problems import NotAcceptable, ParameterError
from api.quotation import clipped
from api.snapshot_names import CURRENT
from kg.difference import Change
from kg.difference_writing import line_start
from kg.near import suggest
from kg.negotiation import choose_media_type
from kg.snapshot import Snapshot
from kg.snapshot_shelf import Shelf

__all__ = ["FORMATS", "DifferenceFilter", "DifferencePage", "describe_page", "differences_file"]

_JSON = "application/json"
_FILES = {"text/csv": "statements.csv", "application/rdf-patch": "changes.rdfp"}
_NAMES = {"json": _JSON, "csv": "text/csv", "patch": "application/rdf-patch"}

FORMATS: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in _FILES}
"""How the contract describes the answers beside JSON."""


class DifferenceFilter(BaseModel):
    """Which snapshots are compared, and which of their differences are asked for."""

    model_config = ConfigDict(populate_by_name=True)

    before: str = Field(
        alias="from",
        max_length=64,
        description="The earlier snapshot: an id, or its first eight digits or more.",
    )
    after: str = Field(
        CURRENT,
        alias="to",
        max_length=64,
        description="The later snapshot; the served one when left out.",
    )
    change: Change | None = Field(None, description="Only subjects of which this became.")
    kind: str | None = Field(
        None,
        max_length=200,
        description="Only subjects of a kind or a narrower one, such as Drug or EvidenceItem.",
    )
    format: Literal["json", "csv", "patch"] | None = Field(
        None, description="Instead of Accept; csv and patch have all differences."
    )
    limit: int = Field(50, ge=1, le=1000, description="How many subjects at most.")
    cursor: str | None = Field(
        None, max_length=200, description="Where to go on: taken from the `next` of an answer."
    )

    def media_type(self, accept: str) -> str:
        """Return the media type of the answer; raises NotAcceptable."""
        chosen = _NAMES.get(self.format or "") or choose_media_type(accept, tuple(_NAMES.values()))
        if chosen is None:
            offered = ", ".join(_NAMES.values())
            raise NotAcceptable(f"this is answered as {offered}, and not as {accept}")
        return chosen


@dataclass(frozen=True)
class DifferencePage:
    """A page of differences as JSON text, and the header that says where it goes on."""

    body: bytes
    link: dict[str, str]


def describe_page(shelf: Shelf, wanted: DifferenceFilter, path: str) -> DifferencePage:
    """Return a page of what was compared; raises CursorError, and ParameterError for a kind.

    The summary counts all differences, ``total`` those that are asked for.
    """
    summary = _read_summary(shelf)
    ends = {"from": summary["from"], "to": summary["to"]}
    chosen = wanted.model_dump(mode="json", include={"change", "kind"}, exclude_none=True)
    kinds = _find_kinds(shelf, wanted)
    total = _count(summary, wanted, kinds)
    mark = f"{ends['from']}-{ends['to']} differences {sorted(chosen.items())}"
    page = page_of(range(total), limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    around = {"snapshot": summary["to"], **summary, "total": total, "limit": wanted.limit}
    link = {}
    if page.cursor:
        query = {**ends, **chosen, "limit": wanted.limit, "cursor": page.cursor}
        around["next"] = f"{path}?{urlencode(query)}"
        link["Link"] = f'<{around["next"]}>; rel="next"'
    places = page.items
    lines = islice(_lines(shelf, wanted, kinds), places[0], places[-1] + 1) if places else ()
    items = b",".join(line.rstrip(b"\n") for line in lines)
    return DifferencePage(write_json(around)[:-1] + b',"items":[' + items + b"]}", link)


def differences_file(
    shelf: Shelf, ends: tuple[Snapshot, Snapshot], media_type: str, tag: str, *, is_packed: bool
) -> Sent:
    """Return the file with all differences in a media type; raises LookupError without one."""
    name = _FILES[media_type]
    made = shelf.find(name)
    if made is None:
        raise LookupError(f"there is no {name} in {shelf.folder}")
    stem = "-".join(each.id[:12] for each in ends)
    file = f"sarcoma-kg-{stem}.{name.rpartition('.')[2]}"
    is_text = media_type.startswith("text/")
    headers = {
        "Content-Type": f"{media_type}; charset=utf-8" if is_text else media_type,
        "Content-Disposition": f'attachment; filename="{file}"',
        "Sarcoma-KG-Snapshot": ends[1].id,
    }
    return Sent(made.compressed if is_packed else made.plain, tag, headers, is_packed=is_packed)


def _read_summary(shelf: Shelf) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((shelf.folder / "summary.json").read_bytes())
    return summary


def _find_kinds(shelf: Shelf, wanted: DifferenceFilter) -> tuple[str, ...] | None:
    """Return the kind that is asked for, and all narrower ones of the two snapshots."""
    if wanted.kind is None:
        return None
    kind = wanted.kind.removeprefix("sarcoma:")
    classes = json.loads((shelf.folder / "classes.json").read_bytes())
    known = {*classes["kinds"], *(each.class_name for each in KINDS)}
    if kind not in known:
        near = suggest(kind, sorted(known))
        raise ParameterError("kind", f"neither snapshot has a kind '{clipped(kind)}'{near}")
    return (kind, *(each for each, wider in classes["wider"].items() if kind in wider))


def _changes(wanted: DifferenceFilter) -> tuple[Change, ...]:
    return tuple(Change) if wanted.change is None else (wanted.change,)


def _count(summary: dict[str, Any], wanted: DifferenceFilter, kinds: tuple[str, ...] | None) -> int:
    found = summary["kinds"]
    chosen = found.values() if kinds is None else [found.get(kind, {}) for kind in {*kinds}]
    return sum(counts.get(change.value, 0) for counts in chosen for change in _changes(wanted))


def _lines(
    shelf: Shelf, wanted: DifferenceFilter, kinds: tuple[str, ...] | None
) -> Iterator[bytes]:
    """Yield the lines of the subjects that are asked for: each starts with change and kind."""
    starts = tuple(
        line_start(change.value, kind) for change in _changes(wanted) for kind in kinds or (None,)
    )
    with (shelf.folder / "subjects.jsonl").open("rb") as file:
        yield from (line for line in file if line.startswith(starts))
