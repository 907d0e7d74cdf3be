"""Errors to seed in a generated graph, each with what a validation must report of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from benchmarks.tokens import Tokens

__all__ = ["VIOLATIONS", "Expected", "Violation", "seed_violations"]

_BASE = "https://w3id.org/sarcoma-kg/"
_TERM = f"{_BASE}ontology/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


class Expected(NamedTuple):
    """A result that a validation must give: terms in N-Triples syntax, and the component."""

    focus: str
    path: str
    component: str


@dataclass(frozen=True)
class Violation:
    """A statement of a drug's records that is changed, and what breaks then.

    ``subject`` and ``value`` are written with ``{0.name}`` and the like for the drug's own;
    without a ``value`` the statement is taken out, with ``is_added`` the old one stays.
    """

    name: str
    subject: str
    path: str
    component: str
    value: str = ""
    is_added: bool = False

    @property
    def change(self) -> int:
        """By how many quads the graph grows."""
        return int(self.is_added) - int(not self.value)

    def applied(self, lines: Sequence[str], tokens: Tokens) -> list[str]:
        """Return the lines of a unit, or some of them, with the error in them."""
        start = f"<{_BASE}{self.subject.format(tokens)}> <{self.path}> "
        changed = []
        for line in lines:
            if not line.startswith(start):
                changed.append(line)
                continue
            if self.is_added:
                changed.append(line)
            if self.value:
                graph = line.removesuffix(" .").rpartition(" ")[2]
                changed.append(f"{start}{self.value.format(tokens)} {graph} .")
        return changed

    def expected(self, tokens: Tokens) -> Expected:
        """Return what must be found in the records of a drug."""
        focus = f"<{_BASE}{self.subject.format(tokens)}>"
        return Expected(focus, f"<{self.path}>", self.component)


VIOLATIONS = (
    Violation(
        "a study without label", "study/{0.name}-single-arm", _LABEL, "MinCountConstraintComponent"
    ),
    Violation(
        "a digest in capitals",
        "claim/{0.name}-class/passage",
        f"{_TERM}sha256",
        "PatternConstraintComponent",
        f'"{"AB" * 32}"',
    ),
    Violation(
        "a target for a class",
        "claim/{0.name}-class",
        f"{_TERM}aboutClass",
        "ClassConstraintComponent",
        f"<{_BASE}target/kit>",
    ),
    Violation(
        "two sections of a passage",
        "claim/{0.name}-contraindication/passage",
        f"{_TERM}section",
        "MaxCountConstraintComponent",
        '"Another section"',
        is_added=True,
    ),
    Violation(
        "a year that is text",
        "document/{0.document}/reference/{0.cites[0]}",
        f"{_TERM}issued",
        "DatatypeConstraintComponent",
        '"1999"',
    ),
)


def seed_violations(drugs: int, count: int, draw: Random) -> dict[int, Violation]:
    """Return which drugs get which error; the kinds of errors take turns.

    Raises ValueError where there are fewer drugs than errors.
    """
    if count > drugs:
        raise ValueError(f"{count:,} violations need as many drugs, and there are {drugs:,}")
    chosen = sorted(draw.sample(range(drugs), count))
    return {number: VIOLATIONS[turn % len(VIOLATIONS)] for turn, number in enumerate(chosen)}
