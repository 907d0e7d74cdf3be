"""A page of the paths that a question asks for, with what it says of the whole list."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from api.answers import Desk, Written, envelope
from api.histology_names import standing_for
from api.paging import Page, page_of
from api.path_answers import STATED, PathWriter, TracedPath, trace
from api.path_choice import PathChoice, choose_paths
from api.path_explain import COLUMNS, explain
from api.path_json import begun, write_text
from api.path_kinds import KINDS_OF_PATHS, PathKind
from api.path_names import read_question
from api.path_order import ORDER, Place, sort_paths
from api.path_parameters import PathFilter
from api.path_question import PathQuestion
from api.path_room import LARGEST_ANSWER, ROOM_IN_WORDS
from api.path_statements import Statements, StatementWriter
from api.records import Json

__all__ = ["NOTE", "answer_paths"]

_ADDRESS = "/api/v1/paths"
_AT_ONCE = 8
"""Paths whose statements are fetched together, and that are written before others get a turn."""
NOTE = (
    "This repeats what documents of the given dates state, without weighing or pooling it. "
    "What is missing is missing in this snapshot, and the answer is no medical advice. What other "
    "databases state is marked with its source, and is no word of the documents."
)
"""What every answer about paths says of itself."""

_EXPLAINED = (
    "Run at /sparql as it stands, the query has one row for each path of the whole list; a path's "
    "row has the same values, and an empty text where the query leaves a column unbound."
)


async def answer_paths(desk: Desk, *, wanted: PathFilter, room: int = LARGEST_ANSWER) -> Written:
    """Return a page of paths, as many as there are bytes of room for.

    Raises ParameterError, UnknownName, AmbiguousName and CursorError.
    """
    library = desk.library
    question = read_question(library.directory, library.paths, wanted)
    choice = choose_paths(library.paths, question)
    places = sort_paths(choice, choice.paths(), lambda iri: library.directory.label(iri) or iri)
    given = wanted.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"limit", "cursor"}
    )
    mark = f"{library.snapshot} paths {sorted(given.items())}"
    asked = page_of(places, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    written = await _write(desk, choice, asked.items, wanted, room)
    page = page_of(places, limit=len(written), cursor=wanted.cursor, mark=mark)
    counts = Counter(place.path.kind for place in places)
    around = {
        **envelope(_ADDRESS, given, page, wanted.limit, library.snapshot),
        "byKind": {kind.value: counts[kind] for kind in PathKind},
        "kinds": {kind.value: meaning for kind, meaning in KINDS_OF_PATHS.items()},
        "sortedBy": list(ORDER),
        "note": NOTE,
        **_shortening(asked, written),
        **_standing_for(desk, question),
        **_restriction(desk, question),
        **(_explanation(desk, question) if wanted.explain else {}),
    }
    pieces = [piece for text in written for piece in (b",", text)]
    rest = (b"[", *pieces[1:], b"]}")
    return Written(begun(write_text(around), "paths"), around.get("next"), rest)


async def _write(
    desk: Desk, choice: PathChoice, places: Sequence[Place], wanted: PathFilter, room: int
) -> list[bytes]:
    """Return the texts of the first paths, as many as there is room for."""
    written: list[bytes] = []
    if room <= 0:
        return written
    left = room
    for start in range(0, len(places), _AT_ONCE):
        traced = trace(choice, places[start : start + _AT_ONCE])
        writer = await _writer(desk, choice, traced, wanted)
        for each in traced:
            text = writer.write(each).encode()
            left -= len(text)
            # A path that is larger than the whole room could never be had otherwise.
            if left < 0 and (written or room < LARGEST_ANSWER):
                return written
            written.append(text)
        await asyncio.sleep(0)  # other answers are made in between
    return written


async def _writer(
    desk: Desk, choice: PathChoice, traced: Sequence[TracedPath], wanted: PathFilter
) -> PathWriter:
    library, fields = desk.library, frozenset(wanted.fields)
    claims = (
        {claim.iri: claim for each in traced for claim in each.claims(choice)}
        if not fields or fields & STATED
        else {}
    )
    paths = library.paths
    statements = StatementWriter(desk.writer, paths.documents, library.path_levels, paths.imports)
    shelf = library.path_texts
    texts = await Statements(shelf).get(claims.values(), desk.engine, statements)
    return PathWriter(choice, library.paths, desk.writer, texts, shelf, wanted.explain, fields)


def _shortening(asked: Page[Place], written: Sequence[bytes]) -> Json:
    """Return in words that there was no room for the whole page, where there was none."""
    if len(written) == len(asked.items):
        return {}
    shown = f"{len(written)} of the {len(asked.items)} paths of this page are shown"
    return {"shortened": f"{ROOM_IN_WORDS}: {shown}; go on at next, or ask for fewer fields"}


def _restriction(desk: Desk, question: PathQuestion) -> Json:
    """Return the documents whose statements count, where not all do."""
    if question.documents is None:
        return {}
    issued = desk.library.paths.documents
    return {
        "documentsCounted": [
            {**desk.writer.reference(iri), "issued": issued.get(iri)}
            for iri in sorted(question.documents)
        ]
    }


def _standing_for(desk: Desk, question: PathQuestion) -> Json:
    asked = sorted(question.histologies.iris) if question.histologies else ()
    return standing_for(desk.library.directory, asked, desk.writer.reference)


def _explanation(desk: Desk, question: PathQuestion) -> Json:
    query = explain(question, desk.library.context.namespaces.ontology)
    return {"explain": {"sparql": query, "columns": list(COLUMNS), "note": _EXPLAINED}}
