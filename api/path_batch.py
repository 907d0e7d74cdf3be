"""Questions about paths in a body: one, or several, each answered or with its own problem."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request

from api.answers import Desk, Written
from api.directory import AmbiguousName, UnknownName
from api.paging import CursorError
from api.path_json import begun, write_object, write_text
from api.path_page import answer_paths
from api.path_parameters import PathFilter
from api.path_room import LARGEST_ANSWER
from api.problems import ParameterError, UnsupportedMedia, problem_of
from api.query_string import check_parameters
from api.request_body import read_body, read_content_type, show_content_type

__all__ = ["LONGEST_BODY", "MOST_QUERIES", "answer_all", "read_batch"]

MOST_QUERIES = 25
LONGEST_BODY = 256 * 1024
_BATCH = "queries"
_REFUSALS = (
    ParameterError,
    RequestValidationError,
    CursorError,
    UnknownName,
    AmbiguousName,
)


async def read_batch(request: Request) -> PathFilter | tuple[object, ...]:
    """Return the one question in a body, or the several ones, not yet read.

    Raises UnsupportedMedia, TooLarge, ParameterError and RequestValidationError.
    """
    header = request.headers.get("content-type")
    if read_content_type(header).media_type != "application/json":
        raise UnsupportedMedia(f"the body is application/json; {show_content_type(header)}")
    body = _parse(await read_body(request, LONGEST_BODY))
    if not isinstance(body, dict):
        raise ParameterError("body", "the body is a JSON object")
    if _BATCH not in body:
        return read_query(body)
    check_parameters(list(body), {_BATCH: True})
    queries = body[_BATCH]
    if not isinstance(queries, list) or not 1 <= len(queries) <= MOST_QUERIES:
        raise ParameterError(_BATCH, f"queries is a list of 1 to {MOST_QUERIES} objects")
    return tuple(queries)


def read_query(asked: object) -> PathFilter:
    """Return one question; raises ParameterError and RequestValidationError.

    >>> read_query({"drug": "imatinib"}).drug
    ['imatinib']
    """
    if not isinstance(asked, dict):
        raise ParameterError(_BATCH, "a query is a JSON object")
    check_parameters(list(asked), _known())
    try:
        return PathFilter.model_validate(asked)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


async def answer_all(desk: Desk, *, request: Request, queries: tuple[object, ...]) -> Written:
    """Return the answers to several questions in their order, each with its status.

    Together they have the room of one answer: those that find none left have no paths, and say
    where to go on.
    """
    around = {"snapshot": desk.library.snapshot, "total": len(queries)}
    rest, room = [b"["], LARGEST_ANSWER
    for asked in queries:
        pieces = await _answer(desk, request, asked, room)
        room -= sum(map(len, pieces[1:]))
        rest += [b","] if len(rest) > 1 else []
        rest += pieces
        await asyncio.sleep(0)  # other answers are made in between
    return Written(begun(write_text(around), "answers"), rest=(*rest, b"]}"))


async def _answer(desk: Desk, request: Request, asked: object, room: int) -> tuple[bytes, ...]:
    """Return an answer in pieces: what is around its paths, and the paths."""
    try:
        answer = await answer_paths(desk, wanted=read_query(asked), room=room)
    except _REFUSALS as error:
        problem = problem_of(request, error)
        text = bytes(problem.body).decode()
        shown = write_object({"status": str(problem.status_code), "problem": text})
        return (shown.encode(),)
    return (f'{{"status":200,{answer.text[1:]}'.encode(), *answer.rest)


def _known() -> Mapping[str, bool]:
    return {field.alias or name: True for name, field in PathFilter.model_fields.items()}


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        if isinstance(error, ParameterError):
            raise
        raise ParameterError("body", f"the body is no JSON text: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a key that stands in it twice would lose what it said first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(each for each in names if names.count(each) > 1)
        raise ParameterError(name, f"the key {name} stands twice in an object")
    return found


def _refuse(constant: str) -> Any:
    raise ParameterError("body", f"the body is no JSON text: it has no {constant}")
