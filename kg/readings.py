"""Two independent readings of the documents, as tables of facts, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from kg.facts import Fact, is_alike, is_matched, is_rival
from kg.problem import Place, Problem, Refused

__all__ = [
    "SETTLED",
    "Comparison",
    "Difference",
    "compare",
    "read_differences",
    "read_readings",
    "settle",
    "to_tsv",
]

SETTLED = frozenset({"first", "second", "both", "neither"})
"""Which reading a third look at the document found right."""


@dataclass(frozen=True, order=True)
class Difference:
    """What one reading has and the other lacks or has otherwise, and how it was settled."""

    document: str
    line: int
    status: str
    kind: str
    citation: str
    subject: str
    aspect: str
    first: str
    second: str
    settled: str = ""
    reason: str = ""
    changed: str = ""


@dataclass(frozen=True)
class Comparison:
    """The facts that both readings have, counted in each, and their differences."""

    counts: Mapping[tuple[str, str], tuple[int, int]]
    matched: Mapping[tuple[str, str], tuple[int, int]]
    differences: tuple[Difference, ...]


def read_readings(folder: Path) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the facts of ``first/*.tsv`` and ``second/*.tsv`` below a folder.

    Raises Refused with every row that is no fact.
    """
    return _read_tables(folder / "first"), _read_tables(folder / "second")


def read_differences(path: Path) -> tuple[Difference, ...]:
    """Return the differences of a table that ``to_tsv`` made; Refused for a row that is none."""
    names = [field.name for field in fields(Difference)]
    return tuple(Difference(row[0], int(row[1]), *row[2:]) for row in _rows(path, names, number=1))


def compare(first: Sequence[Fact], second: Sequence[Fact]) -> Comparison:
    """Compare two readings; a fact is matched when the other one has the same number there.

    Words are matched by place and subject, for two readers name things in words of their own;
    a number is matched by an equal number alone.
    """
    left = [fact for fact in first if not is_matched(fact, second)]
    right = [fact for fact in second if not is_matched(fact, first)]
    pairs = list(_pairs(left, right))
    paired = {fact for pair in pairs for fact in pair}
    differences = [_difference("differs", one, other) for one, other in pairs]
    differences += [_difference("first only", one, None) for one in left if one not in paired]
    differences += [_difference("second only", None, one) for one in right if one not in paired]
    return Comparison(
        _count(first, second),
        _count(set(first) - set(left), set(second) - set(right)),
        tuple(sorted(set(differences))),
    )


def settle(
    differences: Sequence[Difference], settled: Sequence[Difference]
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Return the differences with their settlements, and the settlements of no difference."""
    by_key = {_key(one): one for one in settled}
    found = tuple(by_key.get(_key(one), one) for one in differences)
    keys = {_key(one) for one in differences}
    return found, tuple(one for one in settled if _key(one) not in keys)


def to_tsv(differences: Sequence[Difference]) -> str:
    """Return a table of differences, a row each, under a row of column names."""
    rows = [[field.name for field in fields(Difference)]]
    rows += [[str(value) for value in astuple(one)] for one in sorted(differences)]
    return "".join("\t".join(row) + "\n" for row in rows)


def _read_tables(folder: Path) -> tuple[Fact, ...]:
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise Refused([Problem(Place(str(folder)), "holds no table of facts; name the folder")])
    names = [field.name for field in fields(Fact)][1:]
    return tuple(
        Fact(path.stem, int(row[0]), int(row[1]), *row[2:])
        for path in paths
        for row in _rows(path, names, number=0)
    )


def _rows(path: Path, names: Sequence[str], *, number: int) -> Iterator[list[str]]:
    """Yield the rows below the names; the column ``number`` must hold a line number."""
    table = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    if not table or table[0] != list(names):
        raise Refused([Problem(Place(str(path)), f"columns must be {', '.join(names)}")])
    wrong = [
        Problem(Place(str(path), at), f"give {len(names)} columns, a line number among them")
        for at, row in enumerate(table[1:], 2)
        if len(row) != len(names) or not row[number].isdecimal()
    ]
    if wrong:
        raise Refused(wrong)
    yield from table[1:]


def _pairs(left: Sequence[Fact], right: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Yield the unmatched facts that tell the same thing with another number or term."""
    free = list(right)
    for one in left:
        if one.kind not in ("result", "context", "study"):
            continue
        other = next((each for each in free if is_alike(one, each) and is_rival(one, each)), None)
        if other:
            free.remove(other)
            yield one, other


def _difference(status: str, first: Fact | None, second: Fact | None) -> Difference:
    fact = first or second
    assert fact is not None
    found = Difference(
        *(fact.document, fact.line, status, fact.kind, fact.citation, fact.subject),
        *(fact.aspect, first.value if first else "", second.value if second else ""),
    )
    if first and second and first.aspect != second.aspect:
        return replace(found, aspect=f"{first.aspect} / {second.aspect}")
    return found


def _key(one: Difference) -> tuple[object, ...]:
    return astuple(one)[:9]


def _count(
    first: Sequence[Fact] | set[Fact], second: Sequence[Fact] | set[Fact]
) -> Mapping[tuple[str, str], tuple[int, int]]:
    group: Callable[[Fact], tuple[str, str]] = lambda fact: (fact.document, fact.kind)  # noqa: E731
    left, right = Counter(map(group, first)), Counter(map(group, second))
    return {key: (left[key], right[key]) for key in sorted(left | right)}
