"""RDF files of any format as one data set, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pyoxigraph import BlankNode, Quad, RdfFormat, Store, Triple, parse

from kg.formats import GraphFormat
from kg.problem import Place, Problem, Refused
from kg.statement_limits import StatementError, check_statement, explain_memory_error

__all__ = ["digest_files", "read_rdf_files"]

_FORMATS: Mapping[str, RdfFormat] = {
    **{f".{form.extension}": form.engine for form in GraphFormat},
    ".json": RdfFormat.JSON_LD,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}


def digest_files(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name, numbered where two have the same one.

    Raises Refused for files that cannot be read, or are of no known format.
    """
    read = sorted((path.name, _sha256(content)) for path, content in _contents(tuple(files)))
    digests: dict[str, str] = {}
    for name, digest in dict.fromkeys(read):
        digests[name if name not in digests else f"{name} ({len(digests)})"] = digest
    return digests


def read_rdf_files(files: Iterable[Path]) -> Store:
    """Return what RDF files say, triples in the default graph, quads in the graphs they name.

    A blank node is called after the file's content and its place in it. Relative IRIs start
    from ``file:///NAME``, where the file has no base of its own: its folder is left out, so that
    another machine reads the same. Raises Refused with the problems of all files.
    """
    store, problems = Store(), list[Problem]()
    for path, content in _contents(tuple(files)):
        try:
            store.bulk_extend(_read(path, content))
        except SyntaxError as error:
            place = Place(str(path), error.lineno or 1)
            problems.append(Problem(place, f"not {_FORMATS[_ending(path)]}: {error.msg}"))
        except StatementError as error:
            problems.append(Problem(Place(str(path), 0), f"{error.message}; {error.hint}"))
        except MemoryError as error:
            if (reason := explain_memory_error(error)) is None:
                raise
            problems.append(Problem(Place(str(path), 0), f"{reason}; take it apart"))
    if problems:
        raise Refused(problems)
    return store


def _contents(files: Sequence[Path]) -> list[tuple[Path, bytes]]:
    contents, problems = [], []
    for path in files:
        if _ending(path) not in _FORMATS:
            known = ", ".join(sorted(_FORMATS))
            message = f"the name says no format of RDF; rename the file, it may end in {known}"
            problems.append(Problem(Place(str(path), 0), message))
            continue
        try:
            contents.append((path, path.read_bytes()))
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(Problem(Place(str(path), 0), f"cannot be read: {reason.lower()}"))
    if problems:
        raise Refused(problems)
    return contents


def _read(path: Path, content: bytes) -> Iterator[Quad]:
    base = f"file:///{quote(path.name)}"
    named = _Namer(f"f{_sha256(content)[:12]}")
    for quad in parse(content, format=_FORMATS[_ending(path)], base_iri=base):
        subject, graph = named(quad.subject), named(quad.graph_name)
        found = Quad(subject, quad.predicate, named(quad.object), graph)
        check_statement(found)
        yield found


class _Namer:
    """Calls blank nodes by the order in which they are met."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[BlankNode, BlankNode] = {}

    def __call__(self, term: Any) -> Any:
        if isinstance(term, BlankNode):
            name = f"{self._prefix}-{len(self._names)}"
            return self._names.setdefault(term, BlankNode(name))
        if isinstance(term, Triple):
            return Triple(self(term.subject), term.predicate, self(term.object))
        return term


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
