"""A page of the paths that a question asks for, with what it says of the whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from api.answers import Desk, Written, envelope
from api.paging import page_of
from api.path_answers import PathWriter, TracedPath, trace
from api.path_choice import PathChoice, choose_paths
from api.path_explain import COLUMNS, explain
from api.path_json import extended, write_list, write_text
from api.path_kinds import KINDS_OF_PATHS, PathKind
from api.path_names import read_question
from api.path_order import ORDER, sort_paths
from api.path_parameters import PathFilter
from api.path_question import PathQuestion
from api.path_statements import Statements, StatementWriter
from api.records import Json

__all__ = ["answer_paths"]

_ADDRESS = "/api/v1/paths"
_NOTE = (
    "This repeats what documents of the given dates state, without weighing or pooling it. "
    "What is missing is missing in this snapshot, and the answer is no medical advice."
)
_EXPLAINED = (
    "Run at /sparql as it stands, the query has one row for each path of the whole list; a path's "
    "row has the same values, and an empty text where the query leaves a column unbound."
)


async def answer_paths(desk: Desk, *, wanted: PathFilter) -> Written:
    """Return a page of paths; raises ParameterError, UnknownName, AmbiguousName, CursorError."""
    library = desk.library
    question = read_question(library.directory, library.paths, wanted)
    choice = choose_paths(library.paths, question)
    places = sort_paths(choice, choice.paths(), lambda iri: library.directory.label(iri) or iri)
    given = wanted.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"limit", "cursor"}
    )
    mark = f"{library.snapshot} paths {sorted(given.items())}"
    page = page_of(places, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    traced = trace(choice, page.items)
    writer = await _writer(desk, choice, traced, shows_rows=wanted.explain)
    counts = Counter(place.path.kind for place in places)
    around = {
        **envelope(_ADDRESS, given, page, wanted.limit, library.snapshot),
        "byKind": {kind.value: counts[kind] for kind in PathKind},
        "kinds": {kind.value: meaning for kind, meaning in KINDS_OF_PATHS.items()},
        "sortedBy": list(ORDER),
        "note": _NOTE,
        **_restriction(desk, question),
        **(_explanation(desk, question) if wanted.explain else {}),
    }
    paths = write_list(map(writer.write, traced))
    return Written(extended(write_text(around), {"paths": paths}), around.get("next"))


async def _writer(
    desk: Desk, choice: PathChoice, traced: Sequence[TracedPath], *, shows_rows: bool
) -> PathWriter:
    library = desk.library
    claims = {claim.iri: claim for each in traced for claim in each.claims(choice)}
    statements = StatementWriter(desk.writer, library.paths.documents, library.path_levels)
    shelf = library.path_texts
    texts = await Statements(shelf).get(claims.values(), desk.engine, statements)
    return PathWriter(choice, library.paths, desk.writer, texts, shelf, shows_rows)


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


def _explanation(desk: Desk, question: PathQuestion) -> Json:
    query = explain(question, desk.library.context.namespaces.ontology)
    return {"explain": {"sparql": query, "columns": list(COLUMNS), "note": _EXPLAINED}}
