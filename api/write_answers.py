"""The answers to writes: what was changed, or every reason why nothing was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from api.answers import Services, write_json
from api.messages import WriteRequest
from api.problems import ProblemKind, show_problem
from api.request_record import Outcome, note_write, record_of
from api.streaming import ClientGone, cancelled_on_disconnect
from api.writer import Guard, Times, WriteRefused, Written
from kg.formats import Choice, GraphFormat
from kg.graph_writing import write_graph
from kg.namespaces import Namespaces
from kg.negotiation import choose_media_type
from kg.problem import Problem
from kg.validation_report import find_focus, write_report
from kg.writing import Update

__all__ = ["LONGEST_REPORT", "answer_write", "refused", "written_answer"]

LONGEST_REPORT = 100
"""Reasons that a refusal lists; it says how many there are."""

_CLIENT_LEFT = 499
"""What logs call a request whose client is gone: nobody gets this answer."""

_REFUSED = ProblemKind("refused", 422, "The write is refused")


async def answer_write(
    request: Request,
    services: Services,
    write: WriteRequest,
    show: Callable[[Written], Response],
    guard: Guard | None = None,
) -> Response:
    """Make a write, and return what ``show`` makes of it, or why it is refused.

    Raises what `Writer.write` raises else.
    """
    note_write(request.scope, write.write.text if isinstance(write.write, Update) else None)
    record, times = record_of(request.scope), Times()
    try:
        with cancelled_on_disconnect(request.receive):
            written = await services.writer.write(
                write, client=services.client_of(request), guard=guard, times=times
            )
    except WriteRefused as error:
        return refused(request, error, services.names)
    except ClientGone:
        record.noted = Outcome.CLIENT_LEFT
        return Response(status_code=_CLIENT_LEFT)
    finally:
        record.waited, record.evaluated = times.waited, times.evaluated
    return show(written)


def written_answer(
    written: Written, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer to a write that is done: the snapshot that holds it, and the counts."""
    shared = {
        "Cache-Control": "no-store",
        "Sarcoma-KG-Snapshot": written.snapshot.id,
        **(headers or {}),
    }
    if status == 204:
        return Response(status_code=204, headers=shared)
    body = {"snapshot": written.snapshot.id, "added": written.added, "removed": written.removed}
    return Response(write_json(body), status, shared, media_type="application/json")


def refused(request: Request, error: WriteRefused, names: Namespaces) -> Response:
    """Return the answer to a write that the gate refuses: a problem, or a report in RDF.

    The report is a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report);
    ``names`` are those that shortened the IRIs in the problems.
    """
    accept = ", ".join(request.headers.getlist("accept"))
    formats = {each.media_type: each for each in GraphFormat}
    offered = ("application/problem+json", "application/json", *formats)
    chosen = choose_media_type(accept, offered)
    if chosen is not None and chosen in formats:
        choice = Choice(formats[chosen], chosen)
        body = write_graph(write_report(error.problems, names), choice)
        headers = {"Cache-Control": "no-store", "Content-Type": choice.content_type}
        return Response(body, _REFUSED.status, headers)
    shown = error.problems[:LONGEST_REPORT]
    return show_problem(
        _REFUSED,
        str(error),
        total=len(error.problems),
        report=[_shown(each, names) for each in shown],
    )


def _shown(problem: Problem, names: Namespaces) -> dict[str, str | int]:
    focus = find_focus(problem, names)
    return {
        **({"focus": focus} if focus else {}),
        "message": problem.message,
        "place": str(problem.place),
    }
