"""RDF files read as streams: checked whole before the first statement is taken."""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, parse

from kg.formats import GraphFormat
from kg.importing.record import Reject, RejectRule
from kg.query_error import DocumentError
from kg.statement_limits import StatementError, check_statement
from kg.upload_guards import DEEPEST_DOCUMENT, check_document

__all__ = ["RDF_ENDINGS", "check_rdf", "read_rdf"]

RDF_ENDINGS = {
    **{f".{form.extension}": form for form in GraphFormat},
    ".json": GraphFormat.JSON_LD,
    ".owl": GraphFormat.RDF_XML,
    ".xml": GraphFormat.RDF_XML,
}
"""The format of a file by the end of its name."""

LARGEST_WHOLE = 256 * 1024 * 1024
"""Bytes of Turtle, TriG and JSON-LD, which are read whole to look for deep nesting."""

_CUT_OFF = (3, 5, 20)
"""Expat's codes for no element, an unclosed token and an unclosed CDATA section."""

_BY_LINE = (GraphFormat.N_TRIPLES, GraphFormat.N_QUADS)


def read_rdf(file: Path, form: GraphFormat) -> Iterator[Quad]:
    """Yield the statements of a file that `check_rdf` found good, as they stand in it."""
    yield from parse(path=str(file), format=form.engine)


def check_rdf(file: Path, form: GraphFormat) -> Reject | None:
    """Return why a file is refused as a whole, with its line where that is known, or None.

    Relative IRIs are refused where the file has no base: they would mean other things elsewhere.
    """
    try:
        _check_nesting(file, form)
        for quad in parse(path=str(file), format=form.engine):
            check_statement(quad)
    except SyntaxError as error:
        return _refuse_syntax(file, error, form)
    except xml.parsers.expat.ExpatError as error:
        is_cut = error.code in _CUT_OFF
        return _refuse(file, error.lineno, f"it is no XML: {error}", is_cut=is_cut)
    except DocumentError as error:
        line = error.spot.line if error.spot else None
        return _refuse(file, line, f"{error.message}; {error.hint or 'mend it there'}")
    except StatementError as error:
        return _refuse(file, None, f"{error.message}; {error.hint}")
    except (ValueError, OSError, MemoryError) as error:
        return _refuse(file, None, f"it cannot be read: {error}")
    return None


def _refuse_syntax(file: Path, error: SyntaxError, form: GraphFormat) -> Reject:
    """Return the refusal of a file; a mistake that reaches its end shows that it is cut off."""
    last, length = _find_end(file)
    line, end = error.lineno, (error.end_lineno or 0, error.end_offset or 0)
    is_cut = line is not None and end > (last, length)
    line = line and min(line, last)
    return _refuse(file, line, f"it is no {form.title}: {error.msg}", is_cut=is_cut)


def _refuse(file: Path, line: int | None, message: str, *, is_cut: bool = False) -> Reject:
    rule = RejectRule.TRUNCATED if is_cut else RejectRule.UNREADABLE
    place = f"{file.name}:{line}" if line else file.name
    return Reject(place, rule, f"{message}; nothing of the file is taken")


def _find_end(file: Path) -> tuple[int, int]:
    """Return the number of the last line that has a character, and how many it has."""
    last, length = 1, 0
    with file.open(encoding="utf-8", errors="replace") as content:
        for number, line in enumerate(content, 1):
            if line.strip():
                last, length = number, len(line.rstrip("\r\n"))
    return last, length


def _check_nesting(file: Path, form: GraphFormat) -> None:
    if form is GraphFormat.RDF_XML:
        _check_xml(file)
    elif form in _BY_LINE:
        _check_lines(file)
    elif file.stat().st_size > LARGEST_WHOLE:
        hint = "convert it to N-Triples or N-Quads, which are read at any size"
        raise DocumentError(f"a file of {form.title} has at most 256 MiB", hint=hint)
    else:
        check_document(file.read_text(encoding="utf-8"), form)


def _check_lines(file: Path) -> None:
    with file.open("rb") as content:
        for number, line in enumerate(content, 1):
            if line.count(b"<<") > DEEPEST_DOCUMENT:
                message = f"a statement nests more than {DEEPEST_DOCUMENT} deep (line {number})"
                raise DocumentError(message)


def _check_xml(file: Path) -> None:
    """Refuse deep nesting, and entities made of entities, which grow without bound."""
    parser, depth = xml.parsers.expat.ParserCreate(), 0

    def open_element(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_DOCUMENT:
            line = parser.CurrentLineNumber
            message = f"elements nest more than {DEEPEST_DOCUMENT} deep (line {line})"
            raise DocumentError(message, hint="give inner nodes names, and refer to them")

    def close_element(_: str) -> None:
        nonlocal depth
        depth -= 1

    def declare(name: str, _: Any, value: str | None, *__: Any) -> None:
        if value is None or "&" in value or len(value) > 1000:
            message = f"the entity {name} is external, long or made of others, and is not read"
            raise DocumentError(message, hint="write out what it stands for")

    parser.StartElementHandler = open_element
    parser.EndElementHandler = close_element
    parser.EntityDeclHandler = declare
    with file.open("rb") as content:
        parser.ParseFile(content)
