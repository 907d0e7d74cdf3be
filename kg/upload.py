"""RDF documents that clients send: checked first, then read by the engine's parsers."""

from __future__ import annotations

import re
import xml.parsers.expat
from collections.abc import Iterator

from pyoxigraph import Literal, Quad, parse

from kg.formats import GraphFormat, find_graph_format
from kg.query_error import DocumentError, show_line
from kg.query_text import QueryText
from kg.statement_limits import StatementError, explain_memory_error
from kg.upload_guards import check_document

__all__ = ["read_upload"]

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)", re.IGNORECASE)
_UTF_8 = ("utf-8", "utf8", "us-ascii", "ascii")
_MARK = "\ufeff"
_PLACE = re.compile(r"^Parser error at line \d+ (?:between columns \d+ and \d+|column \d+)?: ?")
_LONGEST_MESSAGE = 500
_WITHOUT_BASE = (GraphFormat.N_TRIPLES, GraphFormat.N_QUADS)


def read_upload(body: bytes, media_type: str, *, base: str | None = None) -> Iterator[Quad]:
    """Return the quads of an RDF document; a triple is a quad of the default graph.

    ``media_type`` is that of a format of RDF, a charset in it can only be UTF-8. ``base`` is what
    relative IRIs start from. Raises DocumentError with the line and column, as far as they are
    known; before the first quad for what is never read (DOCTYPE, deep nesting, NUL, another
    encoding), else when it comes to the mistake. Raises StatementError for endless literals.

    >>> [str(quad) for quad in read_upload(b"<a> <b> 1 .", "text/turtle", base="urn:x:")][0][:19]
    '<urn:a> <urn:b> "1"'
    """
    form = _get_format(media_type)
    text = _decode(body)
    if (nul := text.find("\0")) >= 0:
        raise _error(text, nul, "the document holds a NUL character")
    check_document(text, form)
    return _quads(text, form, None if form in _WITHOUT_BASE else base)


def _get_format(media_type: str) -> GraphFormat:
    name = media_type.partition(";")[0].strip()
    form = find_graph_format(name) if "/" in name else None
    if form is None:
        offered = ", ".join(each.media_type for each in GraphFormat)
        raise DocumentError(f"{name!r} is no media type of RDF here; these are: {offered}")
    charset = _CHARSET.search(media_type)
    if charset and charset[1].lower() not in _UTF_8:
        raise DocumentError(f"the charset {charset[1]!r} is not read; send the document in UTF-8")
    return form


def _decode(body: bytes) -> str:
    try:
        return body.decode().removeprefix(_MARK)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        message = f"byte {error.start + 1} of the document is not UTF-8"
        raise _error(before, len(before), message, "send the document in UTF-8") from None


def _quads(text: str, form: GraphFormat, base: str | None) -> Iterator[Quad]:
    may_hold_nul = "u0000" in text or "U00000000" in text
    try:
        for quad in parse(text, format=form.engine, base_iri=base):
            if may_hold_nul and isinstance(quad.object, Literal) and "\0" in quad.object.value:
                raise DocumentError(f"a value of {quad.predicate} holds a NUL character")
            yield quad
    except SyntaxError as error:
        raise _explain(text, form, error) from None
    except ValueError as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"the document cannot be read: {error}") from None
    except MemoryError as error:
        if (reason := explain_memory_error(error)) is None:
            raise
        raise StatementError(reason, hint="shorten it, or take it apart") from None


def _explain(text: str, form: GraphFormat, error: SyntaxError) -> DocumentError:
    reason = _PLACE.sub("", error.msg)
    if "LoadDocumentCallback" in reason:
        reason = "it names a context by its address, and none is ever fetched"
        return DocumentError(
            f"the document is not read: {reason}", hint="write the context into the document"
        )
    cut = reason if len(reason) <= _LONGEST_MESSAGE else f"{reason[:_LONGEST_MESSAGE]}…"
    offset = _offset(text, error) if error.lineno else _find_xml_mistake(text, form)
    message = f"the document is not {form.title}: {cut}"
    return DocumentError(message) if offset is None else _error(text, offset, message)


def _offset(text: str, error: SyntaxError) -> int:
    line, column = error.lineno or 1, error.offset or 1
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _find_xml_mistake(text: str, form: GraphFormat) -> int | None:
    """Return the offset of what is no XML, which the engine's parser does not tell."""
    if form is not GraphFormat.RDF_XML:
        return None
    parser = xml.parsers.expat.ParserCreate("utf-8")
    try:
        parser.Parse(text, True)
    except xml.parsers.expat.ExpatError:
        before = text.encode()[: parser.ErrorByteIndex]
        return len(before.decode(errors="ignore"))
    return None


def _error(text: str, offset: int, message: str, hint: str | None = None) -> DocumentError:
    shown = QueryText(text)
    return DocumentError(
        message, spot=shown.spot(offset), excerpt=show_line(shown, offset), hint=hint
    )
