"""The mappings as one set of SSSOM: a table of tab-separated values below a header in YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.namespaces import Namespaces
from kg.prefixes import compress, find_system, prefix_map
from kg.snapshot import Snapshot, open_database

__all__ = [
    "CONTENT_TYPE",
    "FILE_NAME",
    "MAPPINGS_QUERY",
    "MappingRow",
    "export_sssom",
    "read_rows",
    "row_of",
    "write_sssom",
]

FILE_NAME = "mappings.sssom.tsv"
CONTENT_TYPE = "text/tab-separated-values; charset=utf-8"

MAPPINGS_QUERY = """# Each mapping, by the slots of SSSOM.
PREFIX : <{ontology}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?mapping ?subject_id ?subject_label ?predicate_id ?object_id ?object_label
  ?mapping_justification ?comment ?object_source ?object_source_version ?mapping_source ?license
WHERE {{
  ?mapping a :Mapping ; :mappingSubject ?subject_id ; :mappingRelation ?predicate_id ;
    :mappingObject ?object_id ; :mappingJustification ?mapping_justification ;
    :inMappingSet ?mapping_source ; :objectSystem ?object_source .
  OPTIONAL {{ ?subject_id rdfs:label ?subject_label }}
  OPTIONAL {{ ?mapping :objectLabel ?object_label }}
  OPTIONAL {{ ?mapping rdfs:comment ?comment }}
  OPTIONAL {{ ?mapping_source :objectSourceVersion ?object_source_version }}
  OPTIONAL {{ ?mapping_source dcterms:license ?license }}
}}
"""
"""The query that gives the mappings, to be filled in with the namespace of the ontology."""

_SETS = "https://w3id.org/sarcoma-kg/mapping/"
_TITLE = "Mappings of sarcoma-kg to other systems"
_PREFIXES = {
    "bioregistry": "https://bioregistry.io/registry/",
    "mapping": _SETS,
    "sarcoma-kg": "https://w3id.org/sarcoma-kg/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_SUBJECTS = "sarcoma-kg:dataset"
_UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class MappingRow:
    """A row: the slots of a mapping in SSSOM, each a CURIE or a text, or empty.

    ``mapping_source`` is the set that it is from.
    """

    subject_id: str
    predicate_id: str
    object_id: str
    subject_label: str = ""
    object_label: str = ""
    mapping_justification: str = ""
    comment: str = ""
    subject_source: str = ""
    object_source: str = ""
    object_source_version: str = ""
    mapping_source: str = ""
    license: str = ""


_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "subject_source",
    "object_source",
    "object_source_version",
    "mapping_source",
    "license",
    "comment",
)
_REQUIRED = frozenset({"subject_id", "predicate_id", "object_id", "mapping_justification"})


def row_of(values: Mapping[str, str], names: Namespaces) -> MappingRow:
    """Return the row of a mapping: ``values`` are IRIs and texts, by the names of the slots.

    >>> row = row_of({"subject_id": "https://example.org/d/a", "comment": "one  two",
    ...     "object_id": "http://purl.obolibrary.org/obo/CHEBI_1",
    ...     "predicate_id": "http://www.w3.org/2004/02/skos/core#exactMatch"},
    ...     Namespaces({"d": "https://example.org/d/"}, "https://example.org/o/"))
    >>> row.subject_id, row.predicate_id, row.object_id, row.comment
    ('d:a', 'skos:exactMatch', 'CHEBI:1', 'one two')
    """
    known = {field.name for field in fields(MappingRow)}
    return MappingRow(
        **{slot: _cell(value, names) for slot, value in values.items() if slot in known}
    )


def read_rows(solutions: Iterable[Mapping[str, str]], names: Namespaces) -> tuple[MappingRow, ...]:
    """Return the rows of the solutions of the query, one for each mapping, in order.

    Where a thing has several labels the first counts.
    """
    rows: dict[str, MappingRow] = {}
    for each in solutions:
        system = find_system(each["object_source"])
        told = {"subject_source": _SUBJECTS, **each}
        told["object_source"] = f"bioregistry:{system.registered}" if system else ""
        row = row_of(told, names)
        rows[each["mapping"]] = min(row, rows.get(each["mapping"], row))
    return tuple(sorted(rows.values()))


def export_sssom(snapshot: Snapshot, names: Namespaces) -> bytes:
    """Return the mappings of a snapshot on disk as a mapping set."""
    found = open_database(snapshot).query(
        MAPPINGS_QUERY.format(ontology=names.ontology), use_default_graph_as_union=True
    )
    assert isinstance(found, QuerySolutions)
    heads = [variable.value for variable in found.variables]
    solutions = (
        {name: term.value for name in heads if isinstance(term := row[name], NamedNode | Literal)}
        for row in found
    )
    return write_sssom(read_rows(solutions, names), names, snapshot=snapshot.id)


def write_sssom(rows: Sequence[MappingRow], names: Namespaces, *, snapshot: str) -> bytes:
    """Return rows as a mapping set, whose version is the snapshot that they are of.

    Columns without any value are left out, but for those that SSSOM requires. A licence that
    all rows share stands in the header.
    """
    licences = {row.license for row in rows}
    shared = next(iter(licences)) if len(licences) == 1 else None
    ordered = [row if shared is None else replace(row, license="") for row in rows]
    columns = [
        each for each in _COLUMNS if each in _REQUIRED or any(getattr(row, each) for row in ordered)
    ]
    lines = ["\t".join(columns)]
    for row in ordered:
        cells = asdict(row)
        lines.append("\t".join(_escaped(cells[column]) for column in columns))
    header = _header(ordered, names, snapshot=snapshot, licence=shared)
    return "".join(f"{line}\n" for line in (*header, *lines)).encode()


def _header(
    rows: Iterable[MappingRow], names: Namespaces, *, snapshot: str, licence: str | None
) -> Iterator[str]:
    known = {**prefix_map(), **names.prefixes, **_PREFIXES}
    cells = (cell for row in rows for slot, cell in asdict(row).items() if slot not in _TEXTS)
    used = {cell.partition(":")[0] for cell in cells if ":" in cell}
    yield "# curie_map:"
    for prefix in sorted(used & known.keys() | _PREFIXES.keys()):
        yield f"#   {prefix}: {json.dumps(known[prefix])}"
    yield "# creator_label:"
    yield "# - The sarcoma-kg contributors"
    yield f"# license: {licence or _UNSPECIFIED}"
    yield f"# mapping_set_id: {_SETS}all"
    yield f"# mapping_set_title: {_TITLE}"
    yield f"# mapping_set_version: {json.dumps(snapshot)}"


_TEXTS = frozenset({"subject_label", "object_label", "comment", "object_source_version", "license"})


def _cell(value: str, names: Namespaces) -> str:
    if not value.startswith(("http://", "https://")) or " " in value:
        return _BLANKS.sub(" ", value).strip()
    if curie := compress(value) or names.compact(value):
        return curie
    for prefix, space in _PREFIXES.items():
        if value.startswith(space):
            return f"{prefix}:{value.removeprefix(space)}"
    return value


def _escaped(cell: str) -> str:
    """Quote a cell as readers of SSSOM do: where it has a quote, by doubling them."""
    return '"{}"'.format(cell.replace('"', '""')) if '"' in cell else cell
