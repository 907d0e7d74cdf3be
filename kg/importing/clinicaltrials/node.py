"""A JSON object whose values are asked for by name and type, with its place in the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

__all__ = ["MalformedError", "Node", "read_object"]

_NOTHING: Mapping[str, Any] = {}


class MalformedError(ValueError):
    """A value of a record is not of the type that the schema gives it; ``pointer`` is its place."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a record; what is not in it, or null, is None or empty.

    Every method raises MalformedError for a value of another type.

    >>> node = Node({"count": 3, "phases": ["PHASE2"]}, "/designModule")
    >>> node.whole("count"), node.texts("phases"), node.text("why")
    (3, ['PHASE2'], None)
    """

    fields: Mapping[str, Any]
    pointer: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields)

    def at(self, key: str) -> str:
        """Return the pointer of a value."""
        return f"{self.pointer}/{key}"

    def text(self, key: str) -> str | None:
        """Return a text."""
        value = self.fields.get(key)
        return value if value is None or isinstance(value, str) else self._refuse(key, "a text")

    def whole(self, key: str) -> int | None:
        """Return a whole number."""
        value = self.fields.get(key)
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return value if value is None or is_whole else self._refuse(key, "a whole number")

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        value = self.fields.get(key)
        return value if value is None or isinstance(value, bool) else self._refuse(key, "a boolean")

    def node(self, key: str) -> Node:
        """Return an object."""
        value = self.fields.get(key)
        if value is None:
            return Node(_NOTHING, self.at(key))
        return (
            Node(value, self.at(key)) if isinstance(value, dict) else self._refuse(key, "an object")
        )

    def nodes(self, key: str) -> list[Node]:
        """Return the objects of a list."""
        values = self._list(key)
        if not all(isinstance(value, dict) for value in values):
            self._refuse(key, "a list of objects")
        return [Node(value, f"{self.pointer}/{key}/{n}") for n, value in enumerate(values)]

    def texts(self, key: str) -> list[str]:
        """Return the texts of a list."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            self._refuse(key, "a list of texts")
        return values

    def _list(self, key: str) -> list[Any]:
        value = self.fields.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else self._refuse(key, "a list")

    def _refuse(self, key: str, wanted: str) -> NoReturn:
        raise MalformedError(self.at(key), f"{wanted} is expected here: download the record again")


def read_object(text: bytes) -> Any:
    """Return what a JSON text says.

    Raises ValueError for what is no JSON, for NaN and Infinity, and for halves of characters,
    which no text can hold.

    >>> read_object(b'{"a": [1]}')
    {'a': [1]}
    """
    value = json.loads(text.decode("utf-8-sig"), parse_constant=_no_number)
    if b"\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number of JSON")
