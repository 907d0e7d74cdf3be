"""Results of queries: read from each format by its own rules, and from expected results in RDF."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO

from pyoxigraph import BlankNode, Literal, NamedNode
from w3c_graph import Graph, Term, text_of

__all__ = [
    "READERS",
    "Row",
    "Table",
    "read_csv",
    "read_json",
    "read_result_set",
    "read_tsv",
    "read_xml",
]

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XSD = "http://www.w3.org/2001/XMLSchema#"

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT; a text in a cell of CSV is a literal, whatever it was."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


def read_json(text: str) -> Table | bool:
    """Read SPARQL 1.1 Query Results JSON, https://www.w3.org/TR/sparql11-results-json/.

    >>> read_json('{"head": {}, "boolean": true}')
    True
    """
    answer = json.loads(text)
    if "boolean" in answer:
        assert isinstance(answer["boolean"], bool)
        return answer["boolean"]
    rows = answer["results"]["bindings"]
    return Table(
        tuple(answer["head"].get("vars", ())),
        tuple({name: _json_term(**term) for name, term in row.items()} for row in rows),
    )


def _json_term(value: str, **term: str) -> Term:
    if term["type"] == "uri":
        return NamedNode(value)
    if term["type"] == "bnode":
        return BlankNode(value)
    assert term["type"] in ("literal", "typed-literal"), term
    return _literal(value, term.get("datatype"), term.get("xml:lang"))


def read_xml(text: str) -> Table | bool:
    """Read SPARQL Query Results XML, https://www.w3.org/TR/rdf-sparql-XMLres/."""
    root = ET.fromstring(text)
    boolean = root.find(f"{_SRX}boolean")
    if boolean is not None:
        assert boolean.text in ("true", "false")
        return boolean.text == "true"
    rows = root.iterfind(f"{_SRX}results/{_SRX}result")
    return Table(
        tuple(each.attrib["name"] for each in root.iterfind(f"{_SRX}head/{_SRX}variable")),
        tuple(
            {each.attrib["name"]: _xml_term(each[0]) for each in row.iterfind(f"{_SRX}binding")}
            for row in rows
        ),
    )


def _xml_term(element: ET.Element) -> Term:
    value = element.text or ""
    if element.tag == f"{_SRX}uri":
        return NamedNode(value.strip())
    if element.tag == f"{_SRX}bnode":
        return BlankNode(value.strip())
    assert element.tag == f"{_SRX}literal", element.tag
    return _literal(value, element.get("datatype"), element.get(_LANG))


def read_csv(text: str) -> Table:
    r"""Read CSV results: what a cell was, term or no value, is not in the format.

    >>> read_csv("x,y\r\n1,\r\n").rows[0]["x"]
    <Literal value=1 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>
    """
    header, *records = csv.reader(StringIO(text, newline=""), strict=True)
    return Table(
        tuple(header),
        tuple(
            {name: _csv_term(cell) for name, cell in zip(header, record, strict=True) if cell}
            for record in records
        ),
    )


def _csv_term(cell: str) -> Term:
    return BlankNode(cell.removeprefix("_:")) if cell.startswith("_:") else Literal(cell)


_TSV_TERM = re.compile(
    r"""<(?P<iri>[^<>]*)>
    |_:(?P<blank>\S+)
    |(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^<>]*)>)?
    |(?P<boolean>true|false)
    |(?P<double>[+-]?(?:\d+\.\d*|\.\d+|\d+)[eE][+-]?\d+)
    |(?P<decimal>[+-]?\d*\.\d+)
    |(?P<integer>[+-]?\d+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def read_tsv(text: str) -> Table:
    r"""Read TSV results: each cell is a term as SPARQL writes it, abbreviations included.

    >>> read_tsv("?x\t?y\n4\t\n").rows[0]["x"].datatype.value
    'http://www.w3.org/2001/XMLSchema#integer'
    """
    header, *lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n")
    names = [name.removeprefix("?") for name in header.split("\t")] if header else []
    assert all(name.startswith("?") for name in header.split("\t") if header), header
    return Table(
        tuple(names),
        tuple(
            {name: _tsv_term(cell) for name, cell in zip(names, cells, strict=True) if cell}
            for line in lines
            if (cells := line.split("\t") if names else [])
        ),
    )


def _tsv_term(cell: str) -> Term:
    found = _TSV_TERM.fullmatch(cell)
    assert found, f"no term of SPARQL: {cell!r}"
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    if "iri" in parts:
        return NamedNode(parts["iri"])
    if "blank" in parts:
        return BlankNode(parts["blank"])
    if "quoted" in parts:
        return _literal(_unescaped(parts["quoted"]), parts.get("datatype"), parts.get("language"))
    ((kind, value),) = parts.items()
    return Literal(value, datatype=NamedNode(_XSD + kind))


def _unescaped(quoted: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES[found[1]], quoted[1:-1])


def read_result_set(graph: Graph) -> Table | bool | None:
    """Return the results that a graph describes in the vocabulary of the tests, or None."""
    for head in graph.instances(_RS + "ResultSet"):
        boolean = graph.find_text(head, _RS + "boolean")
        if boolean is not None:
            return boolean == "true"
        solutions = graph.objects(head, _RS + "solution")
        rows = sorted((_index(graph, each), number) for number, each in enumerate(solutions))
        return Table(
            tuple(map(text_of, graph.objects(head, _RS + "resultVariable"))),
            tuple(_solution(graph, solutions[number]) for _, number in rows),
        )
    return None


def _index(graph: Graph, solution: Term) -> int:
    return int(graph.find_text(solution, _RS + "index") or 0)


def _solution(graph: Graph, solution: Term) -> Row:
    row = {}
    for binding in graph.objects(solution, _RS + "binding"):
        name, value = (graph.find(binding, _RS + each) for each in ("variable", "value"))
        assert name is not None
        assert value is not None
        row[text_of(name)] = value
    return row


def _literal(value: str, datatype: str | None, language: str | None) -> Literal:
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)


READERS: Mapping[str, Callable[[str], Table | bool]] = {
    "application/sparql-results+json": read_json,
    "application/sparql-results+xml": read_xml,
    "text/csv": read_csv,
    "text/tab-separated-values": read_tsv,
}
"""The reader of each media type of results."""
