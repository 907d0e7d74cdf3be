"""The tables of the lists, read from a snapshot by queries made of the fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode

from api.by_heart import ask_known, check_known
from api.canned import Row as Answer
from api.canned import ask_rows, read_canned
from api.directory import Directory, Entry, by_label, fold
from api.engine import Engine
from api.histologies import Histologies
from api.kinds import get_kind
from api.list_fields import Field, FieldType, Tree
from api.list_kinds import fields_of
from api.list_table import Cell, Row, Table
from api.path_parameters import last_day

__all__ = ["PREFIXES", "listed", "load_rows", "load_table", "load_trees", "query_of"]

PREFIXES = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "obo": "http://purl.obolibrary.org/obo/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
}
"""The prefixes of the paths of fields, but for the one of the ontology."""

_ROWS_AT_ONCE = 100
_IN_ORDER_OF_IRI = frozenset({"evidence", "comparisons"})
_PRESENCE = frozenset({"numeric"})
"""Flags that are true of what states any value."""


async def load_table(engine: Engine, directory: Directory, kind: str) -> Table:
    """Return the table of a kind of records of the snapshot that an engine serves.

    Raises TooManyRecords where an import has too many of them.
    """
    wanted, ontology = get_kind(kind), directory.namespaces.ontology
    await check_known(engine, wanted, ontology)
    reading = _Reading(kind, ontology)
    query = query_of(wanted.class_name, fields_of(kind), ontology)
    reading.add(await ask_known(engine, query))
    return reading.table(listed(directory, kind))


async def load_rows(
    engine: Engine, directory: Directory, kind: str, records: Iterable[Entry]
) -> Table:
    """Return those rows of the same table that some of its records have, in its order."""
    ordered = [entry.iri for entry in sorted(records, key=by_label)]
    if kind in _IN_ORDER_OF_IRI:
        ordered.sort()
    reading = _Reading(kind, directory.namespaces.ontology)
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        some = " ".join(str(NamedNode(iri)) for iri in ordered[start : start + _ROWS_AT_ONCE])
        # The records stand in each branch, as the class does where all are asked for.
        query = _query(fields_of(kind), f"VALUES ?item {{ {some} }}", reading.ontology)
        reading.add(await ask_known(engine, query))
    return reading.table(ordered)


def listed(directory: Directory, kind: str) -> list[str]:
    """Return the records of a kind in the order in which the list has them."""
    iris = [entry.iri for entry in directory.members(kind)]
    return sorted(iris) if kind in _IN_ORDER_OF_IRI else iris


class _Reading:
    """The cells of a table while answers are read."""

    def __init__(self, kind: str, ontology: str) -> None:
        self.ontology = ontology
        self._kind = kind
        self._fields = {field.name: field for field in fields_of(kind)}
        self._by_step = _steps(self._fields.values(), ontology)
        self._cells: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))

    def add(self, answers: Iterable[Answer]) -> None:
        """Read some answers."""
        for answer in answers:
            for field in self._meant(answer):
                cell = _read(field, answer)
                if cell is not None:
                    self._cells[answer["item"].value][field.name].append(cell)

    def table(self, iris: Iterable[str]) -> Table:
        """Return the rows of some records, in their order."""
        rows = (Row(iri, _settled(self._cells.get(iri, {}))) for iri in iris)
        return Table(self._kind, self._fields, tuple(rows))

    def _meant(self, answer: Answer) -> Iterable[Field]:
        named = answer.get("field")
        if named is None:
            return self._by_step[answer["predicate"].value]
        return (self._fields[named.value],)


async def load_trees(engine: Engine) -> Mapping[Tree, Histologies]:
    """Return what lies below each thing, tree by tree."""
    children: dict[Tree, dict[str, set[str]]] = {tree: defaultdict(set) for tree in Tree}
    for answer in await ask_rows(engine, read_canned("trees")):
        tree = Tree(answer["tree"].value)
        children[tree][answer["wider"].value].add(answer["narrower"].value)
    return {
        tree: Histologies({wider: frozenset(each) for wider, each in found.items()})
        for tree, found in children.items()
    }


def query_of(class_name: str, fields: Iterable[Field], ontology: str) -> str:
    """Return the SPARQL query with one row for each value of each field of a class's members.

    What is one step from a member has ``?predicate`` in place of ``?field``.
    """
    return _query(fields, f"?item a :{class_name} .", ontology)


def _query(fields: Iterable[Field], which: str, ontology: str) -> str:
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    # The class stands in each branch: the engine would join all branches before it otherwise.
    branches = " UNION\n".join(f"  {{ {which} {branch} }}" for branch in _branches(fields))
    return (
        f"PREFIX : <{ontology}>\n{prefixes}"
        f"SELECT DISTINCT ?item ?predicate ?field ?part ?value\nWHERE {{\n{branches}\n}}"
    )


def _is_step(field: Field) -> bool:
    """Tell whether a field is one property of the record itself."""
    return not field.part and not any(mark in field.path for mark in "/|^(")


def _steps(fields: Iterable[Field], ontology: str) -> Mapping[str, list[Field]]:
    """Return the fields that are one property of the record, by the IRI of that."""
    found: dict[str, list[Field]] = defaultdict(list)
    for field in filter(_is_step, fields):
        prefix, _, name = field.path.partition(":")
        found[(PREFIXES[prefix] if prefix else ontology) + name].append(field)
    return found


def _branches(fields: Iterable[Field]) -> Iterator[str]:
    steps = []
    for field in fields:
        if field.part:
            kept = f"a :{field.part_class} ; " if field.part_class else ""
            yield (
                f'?item {field.part} ?part . ?part {kept}{field.path} ?value BIND ("{field.name}"'
                " AS ?field)"
            )
        elif _is_step(field):
            steps.append(field.path)
        else:
            yield f'?item {field.path} ?value BIND ("{field.name}" AS ?field)'
    # Not VALUES: the engine would read all statements with each of them before the class.
    yield f"?item ?predicate ?value FILTER (?predicate IN ({', '.join(steps)}))"


def _settled(cells: Mapping[str, list[Cell]]) -> Mapping[str, tuple[Cell, ...]]:
    return {
        name: tuple(sorted(set(found), key=lambda cell: (cell.part, cell.shown)))
        for name, found in cells.items()
    }


def _read(field: Field, answer: Answer) -> Cell | None:
    """Return the cell of an answer; None where its value is not of the type of the field."""
    term = answer["value"]
    part = answer["part"].value if "part" in answer else ""
    if field.name in _PRESENCE:
        return Cell(True, "true", part)
    match field.type:
        case FieldType.THING:
            return Cell(term.value, term.value, part) if term.is_iri else None
        case FieldType.NUMBER:
            found = _number(term.value)
            return None if found is None else Cell(found, term.value, part)
        case FieldType.DATE:
            day = last_day(term.value)
            return None if day is None else Cell(day, term.value, part)
        case FieldType.FLAG:
            return Cell(term.value in ("true", "1"), term.value, part)
        case FieldType.TEXT:
            return Cell(fold(term.value), term.value, part)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
