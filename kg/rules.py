"""What is inferred at build time: CONSTRUCT rules, applied until nothing new appears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, Store, Triple

from kg.problem import Place, Problem, Refused
from kg.query_file import read_comment
from kg.sources import graph_iri

__all__ = ["Inference", "Rule", "infer", "read_rules"]


@dataclass(frozen=True, order=True)
class Rule:
    """A CONSTRUCT query and the sentence that states it; ``name`` is the stem of its file."""

    name: str
    label: str
    text: str
    shown_as: str

    @property
    def graph(self) -> str:
        """The IRI of the named graph of what this rule gave.

        >>> Rule("roll-up", "", "", "").graph
        'https://w3id.org/sarcoma-kg/graph/inferred-roll-up'
        """
        return graph_iri(f"inferred-{self.name}")


@dataclass(frozen=True)
class Inference:
    """What the rules gave: for each rule, how many triples it was the first to give."""

    counts: MappingProxyType[Rule, int]
    rounds: int

    @property
    def total(self) -> int:
        """How many triples were inferred in all."""
        return sum(self.counts.values())


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Return the rules of a folder in the order of their file names.

    Raises Refused when a file does not start with a comment that states its rule.
    """
    return tuple(_read_rule(path) for path in sorted(folder.glob("*.rq")))


def infer(store: Store, rules: Iterable[Rule], *, max_rounds: int = 50) -> Inference:
    """Apply the rules to ``store`` until they give nothing new, each into its own graph.

    A rule sees every graph as one, what other rules gave included. A triple goes to the graph
    of the rule that gave it first, and only when no other graph has it. Raises Refused for a
    rule that is no CONSTRUCT query or gives a blank node, and for rules that never end.
    """
    ordered = tuple(rules)
    known = {quad.triple for quad in store}
    counts = dict.fromkeys(ordered, 0)
    seen = dict.fromkeys(ordered, -1)
    for round_number in range(1, max_rounds + 1):
        giving = []
        for rule in ordered:
            if seen[rule] == len(known):
                continue
            seen[rule] = len(known)
            if fresh := _apply(store, rule, known):
                counts[rule] += fresh
                giving.append(rule)
        if not giving:
            return Inference(MappingProxyType(counts), round_number)
    raise Refused(map(_endless, giving))


def _apply(store: Store, rule: Rule, known: set[Triple]) -> int:
    """Add what a rule gives to its graph and to ``known``; return how much of it was new."""
    fresh = {triple for triple in _construct(store, rule) if triple not in known}
    graph = NamedNode(rule.graph)
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in fresh)
    known |= fresh
    return len(fresh)


def _construct(store: Store, rule: Rule) -> Iterator[Triple]:
    try:
        given = store.query(rule.text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise _refused(rule, f"not SPARQL: {error.msg}") from None
    if not isinstance(given, QueryTriples):
        raise _refused(rule, "a rule must be a CONSTRUCT query")
    for triple in given:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise _refused(rule, f"gives a blank node in {triple}; make an IRI, or test isIRI")
        yield triple


def _read_rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    shown = f"ontology/rules/{path.name}"
    return Rule(path.stem, read_comment(text, shown_as=shown), text, shown)


def _endless(rule: Rule) -> Problem:
    message = "still gives new triples in the last round; make the rule end by itself"
    return Problem(Place(rule.shown_as), message)


def _refused(rule: Rule, message: str) -> Refused:
    return Refused([Problem(Place(rule.shown_as), message)])
