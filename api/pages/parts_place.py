"""Where a statement stands: document, date, section, characters, and what is doubtful there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from api.canned import ask_rows, read_canned
from api.card_shelf import Kept
from api.engine import Engine
from api.list_table import Row
from api.pages.desk import PageDesk
from api.pages.parts_things import Thing, Things

__all__ = ["PlaceShown", "characters_of", "limits_of", "read_characters", "read_place"]

_Texts = tuple[str, ...]
_Ask = Callable[[Engine, Iterable[str]], Awaitable[Mapping[str, _Texts]]]


@dataclass(frozen=True)
class PlaceShown:
    """The place of a claim; ``characters`` are ranges in the text of the document.

    ``issued`` is the date of the document as printed there. ``problems`` are what is doubtful in
    the source, and ``notes`` what the curators say about their reading of it.
    """

    documents: tuple[Thing, ...] = ()
    issued: str = ""
    sections: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_place(things: Things, row: Row, characters: Iterable[str] = ()) -> PlaceShown:
    """Return the place of a row of any list of claims."""
    return PlaceShown(
        documents=things.all(_shown(row, "document")),
        issued=", ".join(_shown(row, "issued")),
        sections=_shown(row, "section"),
        citations=_shown(row, "citation"),
        characters=tuple(characters),
        problems=_shown(row, "needsReview"),
        notes=_shown(row, "curatorNote"),
    )


async def characters_of(desk: PageDesk, claims: Iterable[str]) -> Mapping[str, _Texts]:
    """Return the ranges of characters of some claims, asked for once a snapshot."""
    return await _read_once(desk, desk.library.cards.characters, set(claims), read_characters)


async def limits_of(desk: PageDesk, claims: Iterable[str]) -> Mapping[str, _Texts]:
    """Return the limits that some claims name, as printed, in order."""
    return await _read_once(desk, desk.library.cards.limits, set(claims), _ask_limits)


async def _read_once(
    desk: PageDesk, shelf: Kept[_Texts], claims: Iterable[str], ask: _Ask
) -> Mapping[str, _Texts]:
    """Return texts of some claims: they are asked for once a snapshot."""
    known = {claim: shelf.find(claim) for claim in sorted(claims)}
    absent = [claim for claim, texts in known.items() if texts is None]
    found = {**dict.fromkeys(absent, ()), **await ask(desk.engine, absent)} if absent else {}
    # What came from a later snapshot is shown to nobody, and must not be kept.
    if desk.engine.snapshot.id == desk.library.snapshot:
        shelf.keep(found)
    return {**{claim: texts for claim, texts in known.items() if texts is not None}, **found}


async def read_characters(engine: Engine, claims: Iterable[str]) -> Mapping[str, _Texts]:
    """Return the ranges of characters of some claims, such as ``17411-17579``, in order."""
    wanted = sorted(set(claims))
    if not wanted:
        return {}
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in await ask_rows(engine, read_canned("card-characters", claim=wanted)):
        start, end = row["start"].value, row["end"].value
        if start.isdecimal() and end.isdecimal():
            found[row["claim"].value].add((int(start), int(end)))
    return {
        claim: tuple(f"{start}-{end}" for start, end in sorted(ranges))
        for claim, ranges in found.items()
    }


async def _ask_limits(engine: Engine, claims: Iterable[str]) -> Mapping[str, _Texts]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in await ask_rows(engine, read_canned("card-limits", claim=claims)):
        found[row["claim"].value].append(row["printed"].value)
    return {claim: tuple(dict.fromkeys(texts)) for claim, texts in found.items()}


def _shown(row: Row, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.shown for cell in row.of(name)))
