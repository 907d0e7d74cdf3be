"""The tests that the manifests of the W3C's SPARQL 1.1 suites list."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from w3c_graph import Graph, Term, read_triples, text_of

__all__ = ["BASE", "ROOT", "Case", "Data", "Exchange", "Suite", "read_cases"]

ROOT = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql11"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_HT = "http://www.w3.org/2011/http#"
_CHARS = "http://www.w3.org/2011/content#chars"
_ENCODING = "http://www.w3.org/2011/content#characterEncoding"


class Suite(StrEnum):
    """What the tests are counted by; the last two are listed, and not run."""

    QUERY = "query"
    UPDATE = "update"
    SYNTAX = "syntax"
    RESULTS = "results"
    PROTOCOL = "protocol"
    GRAPH_STORE = "graph store"
    SERVICE_DESCRIPTION = "service description"
    OLD_GRAPH_STORE = "graph store, deprecated"
    ENTAILMENT = "entailment"


_BY_FOLDER = {
    "csv-tsv-res": Suite.RESULTS,
    "json-res": Suite.RESULTS,
    "entailment": Suite.ENTAILMENT,
    "http-rdf-update": Suite.OLD_GRAPH_STORE,
}
_BY_KIND = {
    "QueryEvaluationTest": Suite.QUERY,
    "UpdateEvaluationTest": Suite.UPDATE,
    "PositiveSyntaxTest11": Suite.SYNTAX,
    "NegativeSyntaxTest11": Suite.SYNTAX,
    "PositiveUpdateSyntaxTest11": Suite.SYNTAX,
    "NegativeUpdateSyntaxTest11": Suite.SYNTAX,
    "ProtocolTest": Suite.PROTOCOL,
    "GraphStoreProtocolTest": Suite.GRAPH_STORE,
    "ServiceDescriptionTest": Suite.SERVICE_DESCRIPTION,
}


@dataclass(frozen=True)
class Data:
    """The files of a dataset: those of the default graph, and pairs of graph IRI and file."""

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Exchange:
    """A request as it goes over the wire, and what its response must be.

    ``formats`` are of "boolean", "tabular" and "RDF"; ``statuses`` of 201, 404, 2 (for 2xx) ...;
    ``location`` is the name by which later requests call the Location of this response.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    statuses: frozenset[int] = frozenset()
    formats: frozenset[str] = frozenset()
    boolean: bool | None = None
    location: str | None = None
    media_type: str | None = None
    graph: str | None = None


@dataclass(frozen=True)
class Case:
    """One test: what is asked of which data, and what must come out."""

    suite: Suite
    kind: str
    name: str
    label: str
    action: Path | None = None
    data: Data = Data()
    result: Path | None = None
    result_data: Data = Data()
    services: tuple[tuple[str, Path], ...] = ()
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)
    comment: str = field(default="", repr=False)

    @property
    def is_update(self) -> bool:
        """Whether the text of the test is an update."""
        return self.action is not None and self.action.suffix == ".ru"


def read_cases(root: Path = ROOT) -> tuple[Case, ...]:
    """Return every listed test, by folder, in the order of the manifests."""
    return tuple(
        case for path in sorted(root.glob("*/manifest*.ttl")) for case in _Manifest(path).cases()
    )


class _Manifest:
    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self.base = f"{BASE}{self.folder.name}/"
        self.graph = Graph(read_triples(path, self.base + path.name))

    def cases(self) -> list[Case]:
        heads = [
            self.graph.find(each, _MF + "entries")
            for each in self.graph.instances(_MF + "Manifest")
        ]
        return [self._case(entry) for head in heads for entry in self.graph.members(head)]

    def _case(self, entry: Term) -> Case:
        kind = self._text(entry, _RDF + "type").removeprefix(_MF)
        action = self.graph.find(entry, _MF + "action")
        result = self.graph.find(entry, _MF + "result")
        text = self._query(action)
        is_query = text is not None and text.suffix == ".rq"
        folder = self.folder.name
        return Case(
            suite=_BY_FOLDER.get(folder) or _BY_KIND[kind],
            kind=kind,
            name=f"{folder}/{text_of(entry).partition('#')[2]}",
            label=self._text(entry, _MF + "name"),
            action=text,
            data=self._data(action if text else entry),
            result=self._file(result) if is_query else None,
            result_data=Data() if is_query else self._data(result),
            services=self._services(action),
            exchanges=self._exchanges(entry, action),
            comment="\n".join(map(text_of, self.graph.objects(entry, _RDFS + "comment"))),
        )

    def _query(self, action: Term | None) -> Path | None:
        if action is None:
            return None
        named = self.graph.find(action, _QT + "query") or self.graph.find(action, _UT + "request")
        return self._file(named or action)

    def _data(self, node: Term | None) -> Data:
        if node is None:
            return Data()
        default = [
            file
            for vocabulary in (_QT, _UT)
            for term in self.graph.objects(node, vocabulary + "data")
            if (file := self._file(term))
        ]
        return Data(tuple(default), tuple(self._named(node)))

    def _named(self, node: Term) -> list[tuple[str, Path]]:
        found = []
        for term in self.graph.objects(node, _QT + "graphData"):
            found.append((text_of(term), self._path(term)))
        for term in self.graph.objects(node, _UT + "graphData"):
            file = self.graph.find(term, _UT + "graph") or self.graph.find(term, _UT + "data")
            assert file is not None
            found.append((self._text(term, _RDFS + "label"), self._path(file)))
        return found

    def _services(self, action: Term | None) -> tuple[tuple[str, Path], ...]:
        nodes = [] if action is None else self.graph.objects(action, _QT + "serviceData")
        pairs = [(each, self.graph.find(each, _QT + "data")) for each in nodes]
        return tuple(
            (self._text(node, _QT + "endpoint"), self._path(data)) for node, data in pairs if data
        )

    def _exchanges(self, entry: Term, action: Term | None) -> tuple[Exchange, ...]:
        if action is None:
            return ()
        requests = self.graph.members(self.graph.find(action, _HT + "requests"))
        return tuple(map(self._exchange, requests))

    def _exchange(self, request: Term) -> Exchange:
        response = self.graph.find(request, _HT + "resp")
        assert response is not None
        boolean = self.graph.find_text(response, _MF + "expectedBoolean")
        statuses = self.graph.objects(response, _MF + "expectedStatus")
        return Exchange(
            method=self._text(request, _HT + "methodName"),
            path=self._text(request, _HT + "absolutePath"),
            headers=self._headers(request),
            body=self._body(request) or b"",
            statuses=frozenset(map(_status, statuses)),
            formats=frozenset(map(text_of, self.graph.objects(response, _MF + "expectedFormat"))),
            boolean=None if boolean is None else boolean == "true",
            location=self.graph.find_text(response, _MF + "expectedLocation"),
            media_type=dict(self._headers(response)).get("content-type", "").partition(";")[0]
            or None,
            graph=(self._body(response) or b"").decode() or None,
        )

    def _headers(self, message: Term) -> tuple[tuple[str, str], ...]:
        fields = self.graph.members(self.graph.find(message, _HT + "headers"))
        return tuple(
            (self._text(each, _HT + "fieldName"), self._text(each, _HT + "fieldValue"))
            for each in fields
        )

    def _body(self, message: Term) -> bytes | None:
        body = self.graph.find(message, _HT + "body")
        if body is None:
            return None
        return self._text(body, _CHARS).encode(self._text(body, _ENCODING))

    def _text(self, subject: Term, predicate: str) -> str:
        found = self.graph.find_text(subject, predicate)
        assert found is not None, (subject, predicate)
        return found

    def _file(self, term: Term | None) -> Path | None:
        if term is None or not text_of(term).startswith(self.base):
            return None
        return self._path(term)

    def _path(self, term: Term) -> Path:
        return self.folder / text_of(term).removeprefix(self.base)


_NAMED_STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


def _status(term: Term) -> int:
    name = text_of(term).partition("#")[2]
    return int(name.removeprefix("StatusCode")[0]) if "xx" in name else _NAMED_STATUSES[name]
