"""The rules of omissions: one unit, a reason, and nothing in it that asks for a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.claims import ONTOLOGY
from kg.number_places import number_places
from kg.passages import check_passage, passage_text
from kg.recorded import Omission
from kg.sentences import Unit

__all__ = ["Names", "check_omission", "read_names"]

KINDS = re.compile(r"https://w3id\.org/sarcoma-kg/(?:drug|target|family|histology)/[^/]+")
NAMING = frozenset(
    {
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/2004/02/skos/core#altLabel",
        *(ONTOLOGY + name for name in ("acronym", "developmentCode", "symbol")),
    }
)
LONGEST_ACRONYM = 5


@dataclass(frozen=True)
class Names:
    """The names of drugs, targets and histologies; acronyms count in their own case only."""

    pattern: re.Pattern[str]

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Names:
        """Return the names in a list, of which a longer one goes before a shorter one."""
        ordered = sorted(set(words), key=lambda word: (-len(word), word))
        choices = "|".join(map(_choice, ordered)) or "(?!)"
        return cls(re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])"))

    def find(self, text: str) -> str | None:
        r"""Return the first name in a text, as it is written there; None where there is none.

        >>> Names.from_words(["sarcoma", "KIT"]).find("A kit for Soft\nSarcoma")
        'Sarcoma'
        """
        match = self.pattern.search(" ".join(text.split()))
        return match[0] if match else None


def read_names(statements: Iterable[Triple | Quad]) -> Names:
    """Return the labels and synonyms of the drugs, targets and histologies of a graph."""
    return Names.from_words(
        one.object.value
        for one in statements
        if isinstance(one.subject, NamedNode)
        and isinstance(one.object, Literal)
        and one.predicate.value in NAMING
        and KINDS.fullmatch(one.subject.value)
    )


def check_omission(
    text: str, omission: Omission, names: Names, *, text_units: Sequence[Unit]
) -> tuple[str, ...]:
    """Return what is wrong with an omission against the text of its document, a sentence each.

    Its one range stays inside one unit; what it duplicates lies in the text and apart from it;
    a number, drug, target or histology in it needs an explanation.
    """
    problems = [*check_passage(text, omission.passage, text_units=text_units)]
    problems += _check_extent(text, omission)
    if not problems and omission.explanation is None:
        problems += _unexplained(passage_text(text, omission.passage.ranges), names)
    return tuple(problems)


def _check_extent(text: str, omission: Omission) -> Iterator[str]:
    ranges, other = omission.passage.ranges, omission.duplicates
    if len(ranges) > 1:
        yield f"an omission has one range, not {len(ranges)}; write an omission for each"
    if omission.reason == "DuplicateText" and other is None:
        yield "it says nothing of what it duplicates; write duplicates with start and end"
    if other is not None and not 0 <= other.start < other.end <= len(text):
        yield f"duplicates ({other.start} to {other.end}) lies outside the text; correct it"
    elif other is not None and any(
        one.start < other.end and other.start < one.end for one in ranges
    ):
        yield "duplicates overlaps the stretch itself; name the other stretch"


def _unexplained(content: str, names: Names) -> Iterator[str]:
    numbers = number_places(content)
    if numbers:
        shown = content[numbers[0].start : numbers[0].end]
        yield f"it holds the number {shown!r}; record it, or say in explanation why not"
    name = names.find(content)
    if name is not None:
        yield f"it holds the name {name!r}; record what it says, or say in explanation why not"


def _choice(word: str) -> str:
    escaped = r"\s".join(map(re.escape, word.split()))
    return escaped if len(word) <= LONGEST_ACRONYM and not word.islower() else f"(?i:{escaped})"
