"""An answer that lies in a file: of a large graph, it may be longer than what is made of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from io import TextIOWrapper
from typing import IO

from api.messages import Head
from api.reply import Reply

__all__ = ["SpooledReply"]

_PIECE = 1 << 20


class SpooledReply(Reply):
    """A reply whose text is read from a file, a piece after the other, by ``texts`` or else whole.

    The file is closed after the last piece, or when nobody wants another one.
    """

    def __init__(self, head: Head, file: IO[bytes], snapshot: str) -> None:
        super().__init__(head, self._bytes(file), snapshot)
        self._file = file

    def texts(self) -> Iterator[str]:
        """Yield the text in pieces."""
        with TextIOWrapper(self._file, encoding="utf-8", newline="") as text:
            while piece := text.read(_PIECE):
                yield piece

    @staticmethod
    async def _bytes(file: IO[bytes]) -> AsyncIterator[bytes]:
        with file:
            while piece := file.read(_PIECE):
                yield piece
