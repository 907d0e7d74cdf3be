"""A target for atheris: any text goes through what reads texts before an engine does.

Run as a program with the options of libFuzzer. Whatever is raised besides our own refusals, and
whatever takes long, is a finding.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["kg.query_tokens", "kg.query_limits", "kg.upload_guards"]):
    from kg.formats import GraphFormat
    from kg.query_error import DocumentError, QueryRefusedError
    from kg.query_limits import check_limits
    from kg.query_text import QueryText
    from kg.query_tokens import Kind, tokenise
    from kg.service_calls import find_calls, redirect_calls, without_calls
    from kg.upload_guards import check_document


def try_text(data: bytes) -> None:
    """Check what must hold of any text."""
    text = data.decode(errors="replace")
    query = QueryText(text)
    _check_tokens(text)
    with suppress(QueryRefusedError):
        check_limits(query)
    with suppress(QueryRefusedError):
        calls = find_calls(query, ["urn:x"])
        assert len(without_calls(query, calls)) == len(text)
        assert redirect_calls(query, calls, {"urn:x": "urn:x"}) == text
    for form in GraphFormat:
        with suppress(DocumentError):
            check_document(text, form)


def _check_tokens(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert text[token.start : token.end] == token.text
        between = text[end : token.start]
        assert not between.strip() or between.lstrip().startswith("#")
        assert token.kind is not Kind.ILLEGAL or len(token.text) == 1
        end = token.end


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_text)
    atheris.Fuzz()
