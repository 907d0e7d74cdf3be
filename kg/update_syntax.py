"""Whether an update is one by the grammar, asked of the engine without letting it evaluate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Store

from kg.query_diagnosis import diagnose
from kg.query_text import QueryText
from kg.repaired_evaluation import BASE_IRI
from kg.update_text import Segment, read_segments

__all__ = ["check_syntax"]

_TAKEN = "urn:sarcoma-kg:taken"
_FAILING = f"CREATE GRAPH <{_TAKEN}> ; "
_NOT_BLANK = re.compile(r"[^\s]")


def check_syntax(update: QueryText, read: str, prefixes: Mapping[str, str]) -> None:
    """Raise QuerySyntaxError for a text that is no update.

    ``read`` is what the engine gets to read, with the same characters at the same places. It
    reads all of it, and then gives up at an operation that is put before the first one.

    >>> check_syntax(QueryText("CLEAR ALL"), "CLEAR ALL", {})
    """
    for text, start in _readings(update, read):
        store = Store()
        store.add_graph(NamedNode(_TAKEN))
        try:
            failing = f"{text[:start]}{_FAILING}{text[start:]}"
            store.update(failing, prefixes=dict(prefixes), base_iri=BASE_IRI)
        except SyntaxError as error:
            message = _moved(str(error), update, start)
            raise diagnose(update, message, tuple(prefixes), language="update") from None
        except RuntimeError:
            continue


def _readings(update: QueryText, read: str) -> Iterator[tuple[str, int]]:
    """Yield what to read, and where its first operation starts.

    The engine knows no declarations after a semicolon, which section 3 of SPARQL 1.1 Update
    allows. Where there are any, it reads each operation with all declarations before it.
    """
    segments = [each for each in read_segments(update) if each.keyword]
    if not any(each.declared for each in segments[1:]):
        first = segments[0].keyword if segments else None
        yield read, first.start if first else len(read)
        return
    for number, segment in enumerate(segments):
        assert segment.keyword
        text = "".join(_blanked(read, each) for each in segments[:number])
        yield text + read[segment.start : segment.end], segment.keyword.start


def _blanked(text: str, segment: Segment) -> str:
    """Return a segment without its operation: blanks keep everything at its place."""
    assert segment.keyword
    operation = text[segment.keyword.start : segment.end + 1]
    return text[segment.start : segment.keyword.start] + _NOT_BLANK.sub(" ", operation)


def _moved(message: str, update: QueryText, start: int) -> str:
    """Return the engine's message with the place that it would name in the text as it was sent."""
    spot = update.spot(start)

    def move(found: re.Match[str]) -> str:
        line, column = int(found[1]), int(found[2])
        if line == spot.line and column > spot.column:
            column = max(spot.column, column - len(_FAILING))
        return f"error at {line}:{column}"

    return re.sub(r"error at (\d+):(\d+)", move, message)
