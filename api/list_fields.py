"""What the records of a kind are filtered, sorted and counted by: one field a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Field", "FieldType", "Tree", "date", "flag", "number", "text", "thing"]

_ONE_STEP = re.compile(r":(\w+)")
Words = tuple[tuple[str, tuple[str, ...]], ...]


class FieldType(StrEnum):
    """What the values of a field are."""

    THING = "thing"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    TEXT = "text"


class Tree(StrEnum):
    """What lies below a thing, so that it is found by what is wider."""

    HISTOLOGIES = "histologies"
    INTERVENTIONS = "interventions"
    COMORBIDITIES = "comorbidities"
    TARGETS = "targets"


@dataclass(frozen=True)
class Field:
    """A field: its name, and the SPARQL property path that leads from a record to its values.

    With ``part``, that path leads to a part of the record, ``path`` goes on from there, and
    what is asked of several fields with the same part must hold of one and the same part;
    ``part_class`` leaves out parts of other classes.
    ``keys`` are the keys of the JSON record that hold the values; without any, the values are
    stated of something else that the record is linked to. ``kinds`` are the kinds of the
    values; without any, the values are found by their labels. ``words`` stand for several
    values each.
    """

    name: str
    path: str
    type: FieldType
    says: str
    example: str
    kinds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    part: str = ""
    tree: Tree | None = None
    words: Words = ()
    part_class: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that ask for the field.

        >>> number("evaluable", "Evaluable patients.", "30").parameters
        ('minEvaluable', 'maxEvaluable')
        """
        if self.type in (FieldType.NUMBER, FieldType.DATE):
            ending = self.name[0].upper() + self.name[1:]
            return (f"min{ending}", f"max{ending}")
        return (self.name,)

    @property
    def is_linked(self) -> bool:
        """Whether the values are stated of something else than the record and its parts."""
        return not self.keys


def thing(
    name: str,
    says: str,
    example: str,
    *kinds: str,
    path: str = "",
    keys: tuple[str, ...] | None = None,
    part: str = "",
    tree: Tree | None = None,
    words: Words = (),
    part_class: str = "",
) -> Field:
    """Return a field whose values are things of some kinds."""
    return Field(
        name,
        path or f":{name}",
        FieldType.THING,
        says,
        example,
        kinds,
        keys=_keys(name, path, keys, part),
        part=part,
        tree=tree,
        words=words,
        part_class=part_class,
    )


def number(
    name: str,
    says: str,
    example: str,
    path: str = "",
    keys: tuple[str, ...] | None = None,
    *,
    part: str = "",
) -> Field:
    """Return a field whose values are numbers."""
    found = _keys(name, path, keys, part)
    return Field(name, path or f":{name}", FieldType.NUMBER, says, example, (), found, part)


def date(
    name: str, says: str, example: str, path: str = "", keys: tuple[str, ...] | None = None
) -> Field:
    """Return a field whose values are years, months or days."""
    found = _keys(name, path, keys)
    return Field(name, path or f":{name}", FieldType.DATE, says, example, (), found)


def flag(
    name: str, says: str, example: str = "true", path: str = "", keys: tuple[str, ...] | None = None
) -> Field:
    """Return a field that is true, or not stated."""
    found = _keys(name, path, keys)
    return Field(name, path or f":{name}", FieldType.FLAG, says, example, (), found)


def text(
    name: str,
    says: str,
    example: str,
    path: str = "",
    keys: tuple[str, ...] | None = None,
    *,
    part: str = "",
    part_class: str = "",
) -> Field:
    """Return a field whose values are texts."""
    return Field(
        name,
        path or f":{name}",
        FieldType.TEXT,
        says,
        example,
        keys=_keys(name, path, keys, part),
        part=part,
        part_class=part_class,
    )


def _keys(name: str, path: str, keys: tuple[str, ...] | None, part: str = "") -> tuple[str, ...]:
    """Take a path of one step for a key of the record, unless the keys are given."""
    if keys is not None:
        return keys
    step = _ONE_STEP.fullmatch(path or f":{name}")
    return (step[1],) if step and not part else ()
