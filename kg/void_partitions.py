"""The parts of a data set by class and property, in VoID and its extension for datatypes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from kg.statistics import ClassStatistics, Counts, PropertyStatistics, Statistics
from kg.terms import number, term

__all__ = ["describe_counts", "describe_partitions"]


def describe_partitions(statistics: Statistics, dataset: NamedNode, void: str) -> Iterator[Triple]:
    """Yield the partitions of a data set by class and by property, named under an address.

    They nest as those of the SIB's VoID generator do: what the members of a class state by each
    property, with the datatypes of the literals, and links to the classes of the other objects.
    """
    classes = {
        name: NamedNode(f"{void}#class-{index}") for index, name in enumerate(statistics.classes)
    }
    for index, (name, counts) in enumerate(statistics.properties.items()):
        yield from _property(name, counts, dataset, NamedNode(f"{void}#property-{index}"))
    for name, counted in statistics.classes.items():
        yield Triple(dataset, term("void:classPartition"), classes[name])
        yield from _class(name, counted, classes)
        if statistics.is_detailed:
            yield Triple(classes[name], term("void:properties"), number(len(counted.properties)))


def _class(
    name: str, counted: ClassStatistics, classes: Mapping[str, NamedNode]
) -> Iterator[Triple]:
    node = classes[name]
    yield Triple(node, term("rdf:type"), term("void:Dataset"))
    yield Triple(node, term("void:class"), NamedNode(name))
    yield Triple(node, term("void:entities"), number(counted.entities))
    if counted.example:
        yield Triple(node, term("void:exampleResource"), NamedNode(counted.example))
    for index, (each, stated) in enumerate(counted.properties.items()):
        part = NamedNode(f"{node.value}-property-{index}")
        yield from _property(each, stated.counts, node, part)
        yield from _datatypes(stated, part)
        yield from _linksets(stated, each, node, part, classes)


def _property(name: str, counts: Counts, whole: NamedNode, node: NamedNode) -> Iterator[Triple]:
    yield Triple(whole, term("void:propertyPartition"), node)
    yield Triple(node, term("rdf:type"), term("void:Dataset"))
    yield Triple(node, term("void:property"), NamedNode(name))
    yield from describe_counts(counts, node)


def _datatypes(stated: PropertyStatistics, whole: NamedNode) -> Iterator[Triple]:
    for index, (datatype, triples) in enumerate(stated.datatypes.items()):
        node = NamedNode(f"{whole.value}-datatype-{index}")
        yield Triple(whole, term("void-ext:datatypePartition"), node)
        yield Triple(node, term("rdf:type"), term("void:Dataset"))
        yield Triple(node, term("void-ext:datatype"), NamedNode(datatype))
        yield Triple(node, term("void:triples"), number(triples))


def _linksets(
    stated: PropertyStatistics,
    name: str,
    subjects: NamedNode,
    whole: NamedNode,
    classes: Mapping[str, NamedNode],
) -> Iterator[Triple]:
    listed = (each for each in stated.classes.items() if each[0] in classes)
    for index, (objects, triples) in enumerate(listed):
        node = NamedNode(f"{whole.value}-links-{index}")
        yield Triple(node, term("rdf:type"), term("void:Linkset"))
        yield Triple(node, term("void:subjectsTarget"), subjects)
        yield Triple(node, term("void:linkPredicate"), NamedNode(name))
        yield Triple(node, term("void:objectsTarget"), classes[objects])
        yield Triple(node, term("void:triples"), number(triples))


def describe_counts(counts: Counts, node: NamedNode) -> Iterator[Triple]:
    """Yield how much a part holds."""
    yield Triple(node, term("void:triples"), number(counts.triples))
    yield Triple(node, term("void:distinctSubjects"), number(counts.subjects))
    yield Triple(node, term("void:distinctObjects"), number(counts.objects))
