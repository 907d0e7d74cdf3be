"""JSON texts put together from texts, so that what is written once need not be written again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

__all__ = ["begun", "extended", "write_list", "write_object", "write_text"]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def write_text(value: object) -> str:
    """Return a value as JSON.

    >>> write_text({"label": "Ö", "n": None})
    '{"label":"Ö","n":null}'
    """
    return _ENCODER.encode(value)


def write_list(texts: Iterable[str]) -> str:
    """Return a list of values that are JSON already.

    >>> write_list(["1", '"a"'])
    '[1,"a"]'
    """
    return f"[{','.join(texts)}]"


def write_object(members: Mapping[str, str]) -> str:
    """Return an object whose values are JSON already; its keys are plain names.

    >>> write_object({"n": "1", "label": '"a"'})
    '{"n":1,"label":"a"}'
    """
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


def begun(text: str, name: str) -> str:
    """Return an object that is JSON already, open for a value under one more key.

    >>> begun('{"id":"a"}', "paths")
    '{"id":"a","paths":'
    """
    return f'{text[:-1]},"{name}":'


def extended(text: str, members: Mapping[str, str]) -> str:
    """Return an object that is JSON already with more members, whose values are JSON too.

    >>> extended('{"id":"a"}', {"n": "1"})
    '{"id":"a","n":1}'
    """
    return f"{text[:-1]},{write_object(members)[1:]}"
