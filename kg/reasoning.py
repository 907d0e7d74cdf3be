"""Checks OWL consistency and entailments of a small graph with HermiT, through owlready2."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from kg.entailments import generalise
from kg.java import get_java

__all__ = [
    "OWL_DATATYPES",
    "ReasonerFailed",
    "ReasoningReport",
    "check_consistency",
    "infer",
    "reachable",
    "reason_over_file",
]

_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# The datatypes of OWL 2 (https://www.w3.org/TR/owl2-syntax/#Datatype_Maps) by local name: HermiT
# stops at a literal of any other type, xsd:date and xsd:gYear among them.
_NUMBERS = (
    "real rational decimal double float integer long int short byte nonNegativeInteger "
    "nonPositiveInteger positiveInteger negativeInteger unsignedLong unsignedInt unsignedShort "
    "unsignedByte"
)
_OTHERS = (
    "string normalizedString token language Name NCName NMTOKEN PlainLiteral langString "
    "XMLLiteral boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
)
OWL_DATATYPES = frozenset([*_NUMBERS.split(), *_OTHERS.split()])

_FAILED, _INCONSISTENT = 2, 3


class ReasonerFailed(RuntimeError):  # noqa: N818 - like kg.problem.Refused
    """The reasoner gave no answer: no Java, no memory, no time, or an input it cannot read."""


@dataclass(frozen=True)
class ReasoningReport:
    """What HermiT says of a graph; ``unsatisfiable`` holds IRIs of classes, sorted."""

    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float


def reachable(triples: Iterable[Triple | Quad], seeds: Iterable[str]) -> tuple[Triple, ...]:
    """Return the triples of the seeds and of everything they refer to, directly or not.

    >>> a, b, c = (NamedNode(f"https://example.org/{letter}") for letter in "abc")
    >>> graph = [Triple(a, _TYPE, b), Triple(c, _TYPE, a)]
    >>> len(reachable(graph, ["https://example.org/a"]))
    1
    """
    by_subject: dict[object, list[Triple]] = {}
    for triple in map(_triple, triples):
        by_subject.setdefault(triple.subject, []).append(triple)
    waiting: list[object] = [NamedNode(seed) for seed in seeds]
    kept: dict[Triple, None] = {}
    while waiting:
        for triple in by_subject.pop(waiting.pop(), []):
            kept[triple] = None
            waiting.append(triple.object)
    return tuple(kept)


def check_consistency(
    triples: Iterable[Triple | Quad],
    *,
    java: Path | None = None,
    seconds: float = 120,
    megabytes: int = 1024,
) -> ReasoningReport:
    """Ask HermiT whether a graph is consistent, and which of its classes can have no member.

    The ontology with a slice of the records (`reachable`) takes seconds, 19,000 triples took two
    minutes. ``seconds`` and ``megabytes`` bound the run, `ReasonerFailed` is raised beyond. An
    inconsistent graph has no unsatisfiable classes listed.
    """
    started = time.monotonic()
    found = _hermit(triples, java or get_java(), seconds, megabytes, values=False)
    spent = time.monotonic() - started
    if found is None:
        return ReasoningReport(False, (), spent)
    return ReasoningReport(True, _empty_classes(found), spent)


def infer(
    triples: Iterable[Triple | Quad],
    *,
    java: Path | None = None,
    seconds: float = 120,
    megabytes: int = 1024,
) -> frozenset[Triple]:
    """Return the types and object property values that HermiT entails, asserted ones included.

    HermiT prints each fact for the most specific class and property only; `generalise` adds the
    others by the hierarchies it found. Raises `ReasonerFailed` for an inconsistent graph.
    """
    asserted = tuple(_readable(triples))
    found = _hermit(asserted, java or get_java(), seconds, megabytes, values=True)
    if found is None:
        raise ReasonerFailed("the graph is inconsistent: everything follows from it")
    return generalise((*asserted, *found))


def reason_over_file(source: str, target: str, java: str, megabytes: str, values: str) -> int:
    """Run HermiT on an N-Triples file, write what it inferred, return the exit status.

    owlready2 keeps its Java in module globals and gives no deadline, hence a process of its own.
    """
    import owlready2  # noqa: PLC0415 - only the child process pays for it

    world = owlready2.World()
    with Path(source).open("rb") as file:
        world.get_ontology("urn:sarcoma-kg:reasoning#").load(only_local=True, fileobj=file)
    try:
        with _java(java, int(megabytes)):
            owlready2.sync_reasoner_hermit(world, infer_property_values=values == "values", debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return _INCONSISTENT
    except owlready2.OwlReadyJavaError as error:
        message, _, _ = str(error).partition("\n\tat ")
        sys.stderr.write(" ".join(message.split()))
        return _FAILED
    world.get_ontology("http://inferrences/").save(target, format="ntriples")
    return 0


def _empty_classes(inferred: Iterable[Triple]) -> tuple[str, ...]:
    """Return the classes equated with owl:Nothing.

    Any predicate counts: owlready2 writes owl:sameAs where the class is also an individual,
    so its own ``inconsistent_classes`` misses every punned one.
    """
    nothing = NamedNode(_OWL + "Nothing")
    found = {triple.subject for triple in inferred if triple.object == nothing}
    return tuple(sorted(node.value for node in found if isinstance(node, NamedNode)))


def _triple(statement: Triple | Quad) -> Triple:
    return statement if isinstance(statement, Triple) else statement.triple


def _readable(triples: Iterable[Triple | Quad]) -> Iterator[Triple]:
    """Yield what HermiT can read: no literal outside the OWL 2 datatypes, no ontology header.

    Headers go because two of them in one file are refused, and an import would be fetched.
    """
    statements = [_triple(statement) for statement in triples]
    ontology = NamedNode(_OWL + "Ontology")
    headers = {s.subject for s in statements if s.predicate == _TYPE and s.object == ontology}
    for statement in statements:
        literal = statement.object if isinstance(statement.object, Literal) else None
        if statement.subject not in headers and (
            literal is None or literal.datatype.value.rpartition("#")[2] in OWL_DATATYPES
        ):
            yield statement


def _hermit(
    triples: Iterable[Triple | Quad],
    java: Path,
    seconds: float,
    megabytes: int,
    *,
    values: bool,
) -> tuple[Triple, ...] | None:
    """Return what HermiT adds to the graph, or None when the graph is inconsistent."""
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-") as folder:
        source, target = Path(folder, "asserted.nt"), Path(folder, "inferred.nt")
        serialize(_readable(triples), source, format=RdfFormat.N_TRIPLES)
        wanted = "values" if values else "types"
        status, errors = _run([source, target, java, megabytes, wanted], folder, seconds)
        if status == _INCONSISTENT:
            return None
        if status != 0:
            reason = (errors.strip().splitlines() or ["no message"])[-1]
            raise ReasonerFailed(f"HermiT ended with status {status}: {reason}")
        return tuple(quad.triple for quad in parse(path=target, format=RdfFormat.N_TRIPLES))


def _run(arguments: Iterable[object], folder: str, seconds: float) -> tuple[int, str]:
    """Run `reason_over_file` in a process group that is gone when this returns or raises."""
    command = [sys.executable, "-P", "-m", "kg.reasoning", *map(str, arguments)]
    child = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with child:
        try:
            _, errors = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ReasonerFailed(
                f"HermiT gave no answer within {seconds:g} seconds: hand it fewer records"
            ) from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    return child.returncode, errors


@contextmanager
def _java(java: str, megabytes: int) -> Iterator[None]:
    """Let owlready2 use this Java and this much memory, and put its own settings back."""
    import owlready2  # noqa: PLC0415
    from owlready2 import reasoning  # noqa: PLC0415

    before = owlready2.JAVA_EXE, reasoning.JAVA_MEMORY
    owlready2.JAVA_EXE, reasoning.JAVA_MEMORY = java, megabytes
    try:
        yield
    finally:
        owlready2.JAVA_EXE, reasoning.JAVA_MEMORY = before


if __name__ == "__main__":
    sys.exit(reason_over_file(*sys.argv[1:]))
