"""The comments at the head of a query file: what it states, and its options."""

from __future__ import annotations

import re
from itertools import takewhile

from kg.problem import Place, Problem, Refused

__all__ = ["find_option", "read_comment"]


def read_comment(text: str, *, shown_as: str) -> str:
    r"""Return the sentence that a query file starts with.

    Raises Refused, naming the file as ``shown_as``, when its first line is no comment.

    >>> read_comment("# A part of a part is a part.\nCONSTRUCT { } WHERE { }", shown_as="part.rq")
    'A part of a part is a part.'
    """
    first = text.partition("\n")[0]
    sentence = first.lstrip("#").strip()
    if not first.startswith("#") or not sentence:
        message = "the first line must be a comment that states the rule, such as '# A is B.'"
        raise Refused([Problem(Place(shown_as), message)])
    return sentence


def find_option(text: str, name: str) -> str | None:
    r"""Return the value of ``# name: value`` among the comments at the head, or None.

    >>> find_option("# Rates are per cent.\n# severity: warning\nSELECT ...", "severity")
    'warning'
    """
    head = takewhile(lambda line: line.startswith("#") or not line.strip(), text.splitlines())
    for line in head:
        if found := re.fullmatch(rf"#\s*{re.escape(name)}:\s*(\S+)\s*", line):
            return found.group(1)
    return None
