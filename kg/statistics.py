"""How much a data set holds: of each class, property and graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ClassStatistics", "Counts", "GraphStatistics", "PropertyStatistics", "Statistics"]


@dataclass(frozen=True)
class Counts:
    """Different triples, and the different subjects and objects among them."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class PropertyStatistics:
    """What members of a class state by a property.

    ``classes`` are the triples by a class of their object, ``datatypes`` those by its datatype.
    """

    counts: Counts
    classes: Mapping[str, int] = field(default_factory=dict)
    datatypes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassStatistics:
    """The members of a class, what they state by which property, and one that has an IRI."""

    entities: int
    example: str | None = None
    properties: Mapping[str, PropertyStatistics] = field(default_factory=dict)


@dataclass(frozen=True)
class GraphStatistics:
    """What one graph holds, and how many properties and classes it uses."""

    counts: Counts
    properties: int
    classes: int


@dataclass(frozen=True)
class Statistics:
    """What all graphs hold together; a triple in several graphs counts once.

    ``entities`` are the subjects with an IRI in ``space`` or, where that is None, with any.
    ``graphs`` has the default graph under "". Of many classes, properties and graphs only the
    largest are here, and ``more_classes`` and ``more_properties`` beside them; where these state
    too many different things, ``is_detailed`` is false, and classes are here without properties.
    """

    counts: Counts
    entities: int
    space: str | None = None
    properties: Mapping[str, Counts] = field(default_factory=dict)
    classes: Mapping[str, ClassStatistics] = field(default_factory=dict)
    graphs: Mapping[str, GraphStatistics] = field(default_factory=dict)
    more_classes: int = 0
    more_properties: int = 0
    is_detailed: bool = True
