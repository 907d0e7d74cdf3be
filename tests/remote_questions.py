"""What is asked of every engine, and answers put so that two of them can be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import httpx
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from trapi_queries import QUERIES

from api.contract_examples import read_answers
from kg.example_queries import NEEDS_NETWORK, read_examples
from kg.shipped import find_shipped

__all__ = ["Question", "all_questions", "answers_of", "count_agreeing", "rounded"]

_FOLDER = Path(__file__).parent.parent / "api" / "queries"
_NUMBERS = "http://www.w3.org/2001/XMLSchema#"
_OF_THE_SERVER = frozenset(
    ["/healthz", "/readyz", "/version", "/downloads", "/api/v1/snapshots", "/api/v1/differences"]
)
_PATHS = (
    "/api/v1/paths?drug=imatinib&histology=GIST",
    "/api/v1/paths?drug=pazopanib&histology=liposarcoma&limit=20",
    "/api/v1/paths?target=KIT&limit=5",
    "/api/v1/evidence?drug=doxorubicin&histology=leiomyosarcoma",
    "/api/v1/contradictions?drug=trabectedin",
    "/api/v1/search?q=lipo&prefix=true&limit=20",
    "/api/v1/drugs?limit=200",
    "/drug/imatinib?format=jsonld",
    "/histology/leiomyosarcoma?format=nt",
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22GIST%22%7D%7D",
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22Everolimus%20%28RAD001%29%22%7D%7D",
    "/reconcile?queries=%7B%22a%22%3A%7B%22query%22%3A%22CHEMBL941%22%7D%7D",
    "/reconcile/suggest/entity?prefix=imat",
    "/reconcile/properties?type=Drug",
)
_NOT_LASTING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\b[0-9a-f]{64}\b|urn:uuid:[-0-9a-f]+|cursor=[^\"&]+"
)


@dataclass(frozen=True)
class Question:
    """A request: its kind, its name, and what is sent."""

    kind: str
    name: str
    path: str
    fields: Mapping[str, str] | None = None
    body: Any = None
    accept: str = "*/*"
    limits: Mapping[str, str] = field(default_factory=dict, hash=False)


def all_questions() -> list[Question]:
    """Return every question: the examples of the contract, TRAPI, shipped queries and others."""
    return [*_routes(), *_trapi(), *_shipped(), *_canned()]


def count_agreeing(
    wanted: Mapping[tuple[str, str], Any], differing: Collection[tuple[str, str]]
) -> dict[str, tuple[int, int]]:
    """Return, for each kind, how many answers agree, and how many there are."""
    asked = Counter(kind for kind, _ in wanted)
    lost = Counter(kind for kind, _ in differing)
    return {kind: (asked[kind] - lost[kind], asked[kind]) for kind in sorted(asked)}


def answers_of(client: httpx.Client, questions: list[Question]) -> dict[tuple[str, str], Any]:
    """Return the answers by kind and name, as they can be compared."""
    return {(each.kind, each.name): _answer(client, each) for each in questions}


def rounded(answer: Any) -> Any:
    """Return an answer with numbers by their values, for an engine that forgets how they stood.

    What it computes as true or false comes as 1 or 0.
    """
    if isinstance(answer, Counter):
        return Counter({tuple(_by_value(each) for each in row): n for row, n in answer.items()})
    return answer


def _by_value(cell: tuple[str, Any]) -> tuple[str, Any]:
    name, (kind, value, datatype, language) = cell
    if datatype == f"{_NUMBERS}boolean":
        return name, (kind, Decimal(value in ("true", "1")), "number", language)
    if datatype and datatype.startswith(_NUMBERS):
        try:
            return name, (kind, Decimal(value).normalize(), "number", language)
        except InvalidOperation:
            return cell
    return cell


def _routes() -> Iterator[Question]:
    for name, example in read_answers().items():
        path = example["request"].partition("?")[0]
        if not path.startswith(tuple(_OF_THE_SERVER)):
            yield Question(_kind_of(path), name, example["request"])
    for path in _PATHS:
        yield Question(_kind_of(path), path, path)


def _kind_of(path: str) -> str:
    return "reconciliation" if path.startswith("/reconcile") else "route"


def _trapi() -> Iterator[Question]:
    for name in sorted(QUERIES):
        yield Question("trapi", name, "/trapi/2.0/query", body=QUERIES[name])
    yield Question("trapi", "meta knowledge graph", "/trapi/2.0/meta_knowledge_graph")


def _shipped() -> Iterator[Question]:
    data = find_shipped().data
    for folder in ("queries", "examples"):
        for path in sorted((data / folder).glob("*.ttl")):
            triples = [each.triple for each in parse(path=str(path), format=RdfFormat.TURTLE)]
            for example in read_examples(triples):
                if NEEDS_NETWORK not in example.keywords:
                    yield _query(folder, path.stem, example.query)


def _canned() -> Iterator[Question]:
    for path in sorted(_FOLDER.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"VALUES \?\w+ \{ \}", text):
            yield _query("canned", path.stem, text)


def _query(kind: str, name: str, text: str) -> Question:
    accept = "application/sparql-results+json, application/n-triples;q=0.9"
    return Question(kind, name, "/sparql", {"query": text}, accept=accept)


def _answer(client: httpx.Client, question: Question) -> Any:
    headers = {"Accept": question.accept}
    if question.body is not None:
        found = client.post(question.path, json=question.body, headers=headers)
    elif question.fields is not None:
        found = client.post(question.path, data=dict(question.fields), headers=headers)
    else:
        found = client.get(question.path, headers=headers)
    if found.status_code != httpx.codes.OK:
        return f"{found.status_code}: {found.text}"
    media_type = found.headers["content-type"].partition(";")[0]
    if media_type == "application/sparql-results+json":
        return _rows(found.json())
    if media_type == "application/n-triples":
        return _triples(found.content)
    return json.loads(_NOT_LASTING.sub("", found.text))


def _rows(found: dict[str, Any]) -> Any:
    """Return rows as a multiset, without the labels of blank nodes."""
    if "boolean" in found:
        return found["boolean"]
    return Counter(
        tuple(sorted((name, _cell(term)) for name, term in row.items()))
        for row in found["results"]["bindings"]
    )


def _cell(term: dict[str, str]) -> tuple[str, str, str | None, str]:
    value = "" if term["type"] == "bnode" else term["value"]
    return term["type"], value, term.get("datatype"), term.get("xml:lang", "").lower()


def _triples(body: bytes) -> set[str]:
    dataset = Dataset(parse(body, format=RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}
