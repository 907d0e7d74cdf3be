"""A graph of any size in the model of the project, as sorted N-Quads, the same for the same seed.

Stays fixed, about 12,500 quads: the ontology, the tumour tree, the shipped vocabularies (targets,
families, classes, comorbidities, organisations, the shipped drugs without their results), the
entries of the shipped documents, and claims that targets drive tumours.

Grows linearly: made-up drugs, about 570 quads each, of 40 kinds that a seed draws. A drug always
has two references, two studies with three arms, six results, three targets, and one class,
contraindication, recommendation and approval, each claim with its passage, and what the shipped
rules infer of all that: its degree is constant. Eight drugs share a document, which is a named
graph. Names, labels, passages' digests and dates are the drug's own. So the degree of a target, a
tumour or a class grows with the graph, and that of a drug, a study or a document does not.

Nothing is sorted or held in memory but the kinds: units are numbered in the order of their names.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from random import Random

from benchmarks.templates import Template, Templates
from benchmarks.tokens import GROUP, TOKEN, Tokens
from benchmarks.violations import Violation, seed_violations

__all__ = ["Plan", "generate", "plan"]


@dataclass(frozen=True)
class Plan:
    """Which kind each made-up drug is of, which break a shape, and how many quads that is."""

    kinds: Sequence[int]
    violations: dict[int, Violation]
    size: int


def plan(templates: Templates, triples: int, seed: int, *, violations: int = 0) -> Plan:
    """Return the plan of a graph that comes closest to a number of triples.

    Raises ValueError where what stays fixed has more, or where there are fewer drugs than
    violations.
    """
    least = len(templates.fixed) + templates.document.size + max(t.size for t in templates.units)
    if triples < least:
        raise ValueError(f"{triples:,} triples are too few: give at least {least:,}")
    kinds, size = _draw_kinds(templates, triples, Random(seed))  # noqa: S311 - no secret
    broken = seed_violations(len(kinds), violations, Random(seed + 1))  # noqa: S311
    return Plan(kinds, broken, size + sum(each.change for each in broken.values()))


def _draw_kinds(templates: Templates, triples: int, draw: Random) -> tuple[list[int], int]:
    kinds: list[int] = []
    size = len(templates.fixed)
    while True:
        kind = draw.randrange(len(templates.units))
        more = templates.units[kind].size
        if len(kinds) % GROUP == 0:
            more += templates.document.size
        if size + more // 2 > triples:
            return kinds, size
        kinds.append(kind)
        size += more


def generate(templates: Templates, planned: Plan) -> Iterator[str]:
    """Yield the lines of a planned graph in blocks: sorted, none twice, each with its end."""
    fixed, position = templates.fixed, 0
    for block in _blocks(templates, planned):
        until = bisect.bisect(fixed, block[-1], lo=position)
        yield _joined(sorted(chain(fixed[position:until], block)))
        position = until
    yield _joined(fixed[position:])


def _blocks(templates: Templates, planned: Plan) -> Iterator[list[str]]:
    """Yield what grows, a sorted block for each document and beginning of lines."""
    units = tuple(map(_by_head, templates.units))
    document = _by_head(templates.document)
    for head in sorted({*document, *chain.from_iterable(units)}):
        for first in range(0, len(planned.kinds), GROUP):
            lines = document[head].lines(Tokens.of_unit(first)) if head in document else []
            for number in range(first, min(first + GROUP, len(planned.kinds))):
                if found := units[planned.kinds[number]].get(head):
                    lines += _broken(found.lines(Tokens.of_unit(number)), number, planned)
            if lines:
                yield sorted(lines)


def _broken(lines: list[str], number: int, planned: Plan) -> list[str]:
    violation = planned.violations.get(number)
    return violation.applied(lines, Tokens.of_unit(number)) if violation else lines


def _by_head(template: Template) -> dict[str, Template]:
    """Return a template cut where the text before the first token of a line changes."""
    lines = "".join(template.pieces).split("\n")
    return {head: Template.of(list(group)) for head, group in groupby(lines, _head)}


def _head(line: str) -> str:
    found = TOKEN.search(line)
    assert found is not None
    return line[: found.start()]


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
