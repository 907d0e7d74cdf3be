"""What a person should review: the problems that stop no build."""

from __future__ import annotations

from collections.abc import Iterable

from kg.cli.display import print_note, print_problems
from kg.problem import Problem, Severity

__all__ = ["print_review"]


def print_review(problems: Iterable[Problem], names: Iterable[str], *, verbose: bool) -> None:
    """Print the warnings, and the notes when ``verbose``, on standard error.

    ``names`` are the portable names of all files that were read. Where records of a user are
    among them, theirs come first, and of the others only the number, unless ``verbose``.
    """
    shown = [each for each in problems if verbose or each.severity is not Severity.INFO]
    shipped = _shipped(names)
    own = [each for each in shown if each.place.file not in shipped]
    others = [each for each in shown if each.place.file in shipped]
    print_problems([*own, *others] if verbose else own)
    if others and not verbose:
        count = "1 warning" if len(others) == 1 else f"{len(others)} warnings"
        print_note(f"{count} in shipped records, -v shows {'it' if len(others) == 1 else 'them'}")


def _shipped(names: Iterable[str]) -> frozenset[str]:
    """Return the names of shipped files where there are others too."""
    every = frozenset(names)
    own = {name for name in every if name.startswith("overlay/")}
    return every - own if own else frozenset()
