"""Coverage: what of the documents' texts records and omissions account for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pyoxigraph import Quad, Triple

from kg.number_places import PrintedNumber, number_places, stated_numbers
from kg.omissions import Names, check_omission, read_names
from kg.passages import Range
from kg.recorded import Omission, Recorded, read_omissions, read_recorded
from kg.sentences import Unit, line_of, units

__all__ = ["Coverage", "DocumentCoverage", "Gap", "LooseNumber", "measure"]

WORDS_SHOWN = 3
NOTHING, OMITTED, RECORDED = range(3)


@dataclass(frozen=True, order=True)
class Gap:
    """A unit of a text with letters or digits that nothing accounts for; ``words`` begin it."""

    line: int
    words: str
    characters: int


@dataclass(frozen=True, order=True)
class LooseNumber:
    """A printed number that no record which covers it states."""

    line: int
    printed: str


@dataclass(frozen=True)
class DocumentCoverage:
    """What is accounted for in one document.

    Characters are letters and digits: white space and punctuation do not count. What both a
    record and an omission cover counts to the record. ``omitted`` counts by reason. ``faults``
    are sentences on omissions that break a rule, each with the omission's IRI.
    """

    document: str
    length: int
    characters: int
    recorded: int
    omitted: Mapping[str, int]
    gaps: tuple[Gap, ...]
    numbers: int
    loose_numbers: tuple[LooseNumber, ...]
    faults: tuple[tuple[str, str], ...]

    @property
    def uncovered(self) -> int:
        """How many characters nothing accounts for."""
        return self.characters - self.recorded - sum(self.omitted.values())

    @property
    def complete(self) -> bool:
        """Whether everything is accounted for, by sound omissions."""
        return not (self.gaps or self.loose_numbers or self.faults)


@dataclass(frozen=True)
class Coverage:
    """The coverage of the documents at hand, and the documents whose texts are not."""

    documents: tuple[DocumentCoverage, ...]
    missing: tuple[str, ...]

    def to_json(self) -> str:
        """Return the coverage as JSON text."""
        documents = [
            {**asdict(one), "uncovered": one.uncovered, "complete": one.complete}
            for one in self.documents
        ]
        content = {"documents": documents, "missing": self.missing}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def measure(
    statements: Iterable[Triple | Quad], texts: Mapping[str, str], documents: Iterable[str]
) -> Coverage:
    """Return the coverage of documents, given by their IRIs, by the records of a graph.

    ``texts`` holds the text of each document by its IRI; a document without one, given or cited
    by a record, is missing.
    """
    kept = tuple(statements)
    recorded, omissions, names = read_recorded(kept), read_omissions(kept), read_names(kept)
    wanted = sorted({*documents, *(one.passage.document for one in recorded)})
    return Coverage(
        tuple(
            _measured(
                document,
                texts[document],
                [one for one in recorded if one.passage.document == document],
                [one for one in omissions if one.passage.document == document],
                names,
            )
            for document in wanted
            if document in texts
        ),
        tuple(document for document in wanted if document not in texts),
    )


def _measured(
    document: str,
    text: str,
    recorded: Sequence[Recorded],
    omissions: Sequence[Omission],
    names: Names,
) -> DocumentCoverage:
    text_units = units(text)
    marks = _marks(text, recorded, omissions)
    tallies = Counter(marks[at] for at in range(len(text)) if _counts(text[at]))
    numbers = number_places(text)
    return DocumentCoverage(
        document,
        len(text),
        tallies.total(),
        tallies[RECORDED],
        _by_reason(text, marks, omissions),
        tuple(_gaps(text, text_units, marks)),
        len(numbers),
        tuple(_loose(text, numbers, recorded, omissions)),
        tuple(
            (one.iri, problem)
            for one in omissions
            for problem in (
                *check_omission(text, one, names, text_units=text_units),
                *_unrecorded(text, marks, one),
            )
        ),
    )


def _marks(text: str, recorded: Iterable[Recorded], omissions: Iterable[Omission]) -> bytearray:
    """Return a byte a character of the text that says what accounts for it."""
    marks = bytearray(len(text))
    for sign, nodes in ((OMITTED, omissions), (RECORDED, recorded)):
        for node in nodes:
            for start, end in _within(node.passage.ranges, text):
                marks[start:end] = bytes([sign]) * (end - start)
    return marks


def _within(ranges: Iterable[Range], text: str) -> Iterator[tuple[int, int]]:
    """Return the ends of the ranges that lie in the text: others are for the check of passages."""
    return ((one.start, one.end) for one in ranges if 0 <= one.start < one.end <= len(text))


def _unrecorded(text: str, marks: bytearray, omission: Omission) -> Iterator[str]:
    stretches = [omission.duplicates] if omission.duplicates else []
    for start, end in _within(stretches, text):
        if any(marks[at] != RECORDED and _counts(text[at]) for at in range(start, end)):
            yield f"duplicates ({start} to {end}) is not in a record throughout; record it there"


def _by_reason(text: str, marks: bytearray, omissions: Iterable[Omission]) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    seen: set[int] = set()
    for one in omissions:
        for start, end in _within(one.passage.ranges, text):
            fresh = {at for at in range(start, end) if marks[at] == OMITTED and _counts(text[at])}
            counted[one.reason] += len(fresh - seen)
            seen |= fresh
    return dict(sorted(counted.items()))


def _gaps(text: str, text_units: Iterable[Unit], marks: bytearray) -> Iterator[Gap]:
    for start, end in text_units:
        left = [at for at in range(start, end) if marks[at] == NOTHING and _counts(text[at])]
        if left:
            words = " ".join(text[left[0] : end].split()[:WORDS_SHOWN])
            yield Gap(line_of(text, left[0]), words, len(left))


def _loose(
    text: str,
    numbers: Iterable[PrintedNumber],
    recorded: Sequence[Recorded],
    omissions: Sequence[Omission],
) -> Iterator[LooseNumber]:
    stated = [(one, stated_numbers(one.values)) for one in recorded]
    explained = [one for one in omissions if one.explanation is not None]
    for number in numbers:
        accounted = any(
            _holds(one.passage.ranges, number) and (one.is_reference or number.value in values)
            for one, values in stated
        ) or any(_holds(one.passage.ranges, number) for one in explained)
        if not accounted:
            printed = " ".join(text[number.start : number.end].split())
            yield LooseNumber(line_of(text, number.start), printed)


def _holds(ranges: Iterable[Range], number: PrintedNumber) -> bool:
    return any(one.start <= number.start and number.end <= one.end for one in ranges)


def _counts(character: str) -> bool:
    """Say whether a character counts: a letter or a digit, but no superscript."""
    return character.isalpha() or character.isdecimal()
