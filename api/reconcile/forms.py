"""What a request asks for, in its address or in the form that it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

from api.multipart import read_parts
from api.problems import ParameterError, UnsupportedMedia
from api.quotation import clipped, quoted
from api.reconcile.limits import LONGEST_BODY
from api.request_body import read_body, read_content_type, show_content_type

__all__ = ["ASKING", "Asking", "read_callback", "read_number", "read_request"]

ASKING = ("queries", "extend", "query")
"""The parameters that ask for something, of which a request has one."""

_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_MOST_FIELDS = 100
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Asking:
    """The parameter that asks, and its text; neither where the manifest is asked for."""

    what: str = ""
    text: str = ""


async def read_request(request: Request) -> Asking:
    """Return what a request asks for; raises ParameterError, TooLarge and UnsupportedMedia."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    if request.method == "POST":
        for name, value in await _read_form(request):
            given.setdefault(name, []).append(value)
    asked = [name for name in ASKING if name in given]
    if len(asked) > 1 or any(len(given[name]) > 1 for name in asked):
        raise ParameterError(asked[0], f"a request has one of {', '.join(ASKING)}, and once")
    if not asked:
        if request.method == "POST":
            raise ParameterError("queries", "the form has neither queries nor extend")
        return Asking()
    return Asking(asked[0], given[asked[0]][0])


def read_callback(request: Request) -> str:
    """Return the name of the function that JSONP calls, or nothing; raises ParameterError."""
    name = request.query_params.get("callback", "")
    if name and (len(name) > _LONGEST_NAME or not _NAME.fullmatch(name)):
        raise ParameterError(
            "callback", f"callback is the name of a function, and not {quoted(name)}"
        )
    return name


def read_number(given: Mapping[str, str], name: str, usual: int, *, least: int, most: int) -> int:
    """Return a whole number of the address, at most ``most``; raises ParameterError.

    >>> read_number({"limit": "500"}, "limit", 20, least=1, most=100)
    100
    """
    text = given.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise ParameterError(
            name, f"{name} is a whole number from {least} on, and not {quoted(text)}"
        )
    return min(int(text), most)


async def _read_form(request: Request) -> list[tuple[str, str]]:
    header = request.headers.get("content-type")
    body = await read_body(request, LONGEST_BODY)
    if not header and not body:
        return []  # Some clients send all in the address.
    given = read_content_type(header)
    if given.media_type not in (_FORM, _PARTS):
        raise UnsupportedMedia(
            f"a form is sent as {_FORM} or {_PARTS}; {show_content_type(header)}"
        )
    if given.media_type == _PARTS:
        return [
            (_name_of(part.headers), _decoded(part.body))
            for part in read_parts(body, given.boundary)
        ]
    try:
        return parse_qsl(
            _decoded(body), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise ParameterError("body", f"the form cannot be read: {clipped(str(error))}") from None


def _name_of(headers: Mapping[str, str]) -> str:
    """Return the name of the field that a part of a form is."""
    head = Message()
    head["Content-Disposition"] = headers.get("content-disposition", "").replace("\n", " ")
    found = head.get_param("name", header="Content-Disposition")
    return found if isinstance(found, str) else ""


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise ParameterError("body", "the form is no UTF-8") from None
