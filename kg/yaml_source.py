"""YAML text as a tree of texts that know their lines; whatever YAML could misread is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import yaml

from kg.problem import Place, Problem

__all__ = ["Entry", "Mapping", "Node", "Scalar", "Sequence", "Source", "parse_yaml", "read_yaml"]

DEEPEST = 32
LONGEST = 1_000_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_YAML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Scalar:
    """A value as written; ``text`` is empty where a problem was already reported."""

    text: str
    line: int


@dataclass(frozen=True)
class Sequence:
    """Values in their written order."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Entry:
    """A key of a mapping, the line of the key, and its value."""

    key: str
    line: int
    value: Node


@dataclass(frozen=True)
class Mapping:
    """Entries in their written order; no key occurs twice."""

    entries: tuple[Entry, ...]
    line: int

    def find(self, key: str) -> Entry | None:
        """Return the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Source:
    """What a YAML text says: its tree (None where it is broken) and every problem found."""

    tree: Node | None
    problems: tuple[Problem, ...]


def read_yaml(path: Path, *, shown_as: str | None = None) -> Source:
    """Read a UTF-8 file as `parse_yaml` does; ``shown_as`` names it in the problems."""
    name = shown_as or str(path)
    data = path.read_bytes()
    try:
        return parse_yaml(data.decode("utf-8"), shown_as=name)
    except UnicodeDecodeError as error:
        place = Place(name, data.count(b"\n", 0, error.start) + 1)
        message = f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        return Source(None, (Problem(place, message),))


def parse_yaml(text: str, *, shown_as: str) -> Source:
    r"""Return the tree of one YAML document and its problems.

    Every scalar stays a text, so neither ``no`` nor ``012`` changes. Duplicate keys, empty
    values, anchors, aliases, tags, merge keys and a second document are problems.

    >>> parse_yaml("label: no", shown_as="a.yaml").tree
    Mapping(entries=(Entry(key='label', line=1, value=Scalar(text='no', line=1)),), line=1)
    >>> print(*parse_yaml("label: a\nlabel: b", shown_as="a.yaml").problems)
    a.yaml:2: key 'label' is already on line 1; keep one of them
    """
    reader = _Reader(shown_as)
    # Looked for here, because libyaml counts bytes to such a character and PyYAML characters.
    if found := _NOT_YAML.search(text):
        reader.refuse_character(text, found.start())
        return Source(None, tuple(reader.problems))
    tree = None
    try:
        tree = reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        reader.refuse(max(1, min(line, len(text.splitlines()))), _broken(error))
    except _TooDeepError as error:
        reader.refuse(error.line, f"nested more than {DEEPEST} deep; flatten the record")
    return Source(tree, tuple(reader.problems))


def _broken(error: yaml.MarkedYAMLError) -> str:
    what = " ".join(part for part in (error.context, error.problem) if part)
    return f"the YAML is broken: {what}; check indentation, quotes, colons and brackets up to here"


class _TooDeepError(Exception):
    """The nesting exceeds what a record can need; reading on would only cost memory."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Mark(Protocol):
    @property
    def line(self) -> int: ...


def _line(mark: _Mark | None) -> int:
    return 1 if mark is None else mark.line + 1


@dataclass
class _Reader:
    """Builds the tree from parser events: aliases never get expanded, so none can explode."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0

    def refuse(self, line: int, message: str) -> None:
        self.problems.append(Problem(Place(self.file, line), message))

    def refuse_character(self, text: str, position: int) -> None:
        line = text.count("\n", 0, position) + 1
        self.refuse(line, f"character U+{ord(text[position]):04X} is not allowed; delete it")

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        next(events)  # the start of the stream
        if not isinstance(next(events), yaml.DocumentStartEvent):
            self.refuse(1, "the file is empty; write a record or delete the file")
            return None
        tree = self.node(next(events), events, "the file")
        next(events)  # the end of the document
        after = next(events)
        if isinstance(after, yaml.DocumentStartEvent):
            line = _line(after.start_mark)
            self.refuse(line, "a second document begins; write one list of records instead")
        return tree

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], owner: str) -> Node:
        line = _line(event.start_mark)
        assert isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(line, f"alias '*{event.anchor}' is refused; write the value itself")
            return Scalar("", line)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(self.text(event, owner), line)
        return self.collection(event, events, owner)

    def text(self, event: yaml.ScalarEvent, owner: str) -> str:
        text: str = event.value
        self.refuse_decoration(event)
        complaint = _complaint(text, plain=event.implicit[0])
        if complaint:
            self.refuse(_line(event.start_mark), f"{owner} {complaint}")
        return "" if complaint else text

    def refuse_decoration(self, event: yaml.CollectionStartEvent | yaml.ScalarEvent) -> None:
        line = _line(event.start_mark)
        if event.anchor is not None:
            self.refuse(line, f"anchor '&{event.anchor}' is refused; delete it")
        if event.tag is not None:
            self.refuse(line, f"tag '{event.tag}' is refused; delete it, the context types values")

    def collection(self, event: yaml.Event, events: Iterator[yaml.Event], owner: str) -> Node:
        assert isinstance(event, yaml.CollectionStartEvent)
        self.refuse_decoration(event)
        line = _line(event.start_mark)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeepError(line)
        before = len(self.problems)
        node: Node
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping(tuple(self.entries(events)), line)
            size = len(node.entries)
        else:
            node = Sequence(tuple(self.items(events, owner)), line)
            size = len(node.items)
        if not size and len(self.problems) == before:
            self.refuse(line, f"{owner} is empty; write a value or delete it")
        self.depth -= 1
        return node

    def items(self, events: Iterator[yaml.Event], owner: str) -> Iterator[Node]:
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            yield self.node(event, events, f"an item of {owner}")

    def entries(self, events: Iterator[yaml.Event]) -> Iterator[Entry]:
        lines: dict[str, int] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key, line = self.key(event, events), _line(event.start_mark)
            value = self.node(next(events), events, f"'{key}'" if key else "a value")
            if key in lines:
                message = f"key '{key}' is already on line {lines[key]}; keep one of them"
                self.refuse(line, message)
            elif key is not None:
                lines[key] = line
                yield Entry(key, line, value)

    def key(self, event: yaml.Event, events: Iterator[yaml.Event]) -> str | None:
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<":
            self.refuse(_line(event.start_mark), "merge key '<<' is refused; write the keys")
            return None
        found = self.node(event, events, "a key")
        if isinstance(found, Scalar):
            return found.text or None
        self.refuse(found.line, "a key must be a word, not a list or a mapping")
        return None


def _complaint(text: str, *, plain: bool) -> str | None:
    if plain and text in _NULLS:
        return "has no value; write one or delete it"
    if not text.strip():
        return "is an empty text; write a value or delete it"
    if text != text.strip():
        return "begins or ends with white space; remove it (after '|' or '>' write '-')"
    if len(text) > LONGEST:
        return f"has {len(text):,} characters; write no more than {LONGEST:,}"
    if found := _UNPRINTABLE.search(text):
        return f"holds the character U+{ord(found.group()):04X}; remove it"
    return None
