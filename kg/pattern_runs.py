"""Repetition in regular expressions that needs no memory for ways back."""

from __future__ import annotations

__all__ = ["run_of"]

_AT_ONCE = 1000
"""The matcher keeps some 110 bytes for each rare piece that it may still give back."""


def run_of(usual: str, rare: str, name: str) -> str:
    r"""Return a pattern of any number of characters of a class and of rare pieces among them.

    It is for where nothing may follow that fits, too, and matches then what
    ``(?:usual|rare)*+`` does, which Python before 3.11.5 gets wrong: a lookahead forgets how it
    matched, and takes many pieces at once. ``name`` is that of a group which it needs.

    >>> import re
    >>> inside = run_of("[^)]", "[)]{2}", "inside")
    >>> re.match(rf"[(]{inside}[)]", "(a )) b) c)")[0]
    '(a )) b)'
    """
    pieces = rf"(?:(?:{rare}){usual}*){{1,{_AT_ONCE}}}"
    return rf"{usual}*(?:(?=(?P<{name}>{pieces}))(?P={name}))*"
