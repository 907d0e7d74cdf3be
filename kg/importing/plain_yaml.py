"""YAML of others as trees of texts that know their lines: bounded, nothing in it is obeyed.

Unlike records of this project it may be decorated, hold empty values and several documents; a
list at the top is given an item at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import yaml

from kg.importing.record import RejectRule
from kg.yaml_source import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["Fault", "read_trees"]

DEEPEST: Final = 32
LONGEST: Final = 100_000
MOST_VALUES: Final = 100_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CUT_CHARACTER: Final = "incomplete UTF-8"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True)
class Fault:
    """Why something is not read: its line, the rule, and a sentence."""

    line: int
    rule: RejectRule
    message: str


def read_trees(file: BinaryIO) -> Iterator[Node | Fault]:
    r"""Yield the documents of a stream, and a fault in place of each that is broken.

    Aliases, tags, merge keys and repeated keys are faults; after broken syntax nothing is read.

    >>> import io
    >>> for tree in read_trees(io.BytesIO(b"- a\n- *b\n")):
    ...     print(tree.line)
    1
    2
    """
    events = yaml.parse(file, Loader=_LOADER)
    try:
        yield from _documents(events)
    except _TooDeepError as error:
        message = f"nested more than {DEEPEST} deep, and not read on; this is no such file"
        yield Fault(error.line, RejectRule.UNREADABLE, message)
    except yaml.YAMLError as error:
        yield _broken(error, _Text.of(file))


def _documents(events: Iterator[yaml.Event]) -> Iterator[Node | Fault]:
    is_empty = True
    for event in events:
        if isinstance(event, yaml.SequenceStartEvent):
            is_empty = False
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                yield _Tree().read(item, events)
        elif isinstance(event, yaml.NodeEvent):
            is_empty = False
            yield _Tree().read(event, events)
    if is_empty:
        yield Fault(1, RejectRule.TRUNCATED, "the file is empty; fetch it again")


class _TooDeepError(Exception):
    """The nesting is deeper than any such file needs; reading on would only cost memory."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass
class _Tree:
    """Builds one tree from parser events: aliases are never expanded, so none can explode."""

    fault: Fault | None = None
    values: int = 0
    depth: int = field(default=0)

    def read(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node | Fault:
        tree = self.node(event, events)
        return self.fault or tree

    def refuse(self, event: yaml.Event, message: str) -> None:
        self.fault = self.fault or Fault(_line(event), RejectRule.UNREADABLE, message)

    def node(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
        self.values += 1
        if self.values > MOST_VALUES:
            self.refuse(event, f"more than {MOST_VALUES:,} values in one record; split it")
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, f"alias '*{event.anchor}' is refused; write the value itself")
        elif (tag := getattr(event, "tag", None)) is not None:
            self.refuse(event, f"tag '{tag}' is refused; delete it")
        if isinstance(event, yaml.CollectionStartEvent):
            return self.collection(event, events)
        return Scalar(self.text(event), _line(event))

    def text(self, event: yaml.Event) -> str:
        text: str = getattr(event, "value", "")
        if len(text) > LONGEST:
            self.refuse(event, f"a value of {len(text):,} characters; at most {LONGEST:,} are read")
            return ""
        plain = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        return "" if plain and text in _NULLS else text.strip()

    def collection(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeepError(_line(event))
        node: Node
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping(self.entries(events), _line(event))
        else:
            node = Sequence(self.items(events), _line(event))
        self.depth -= 1
        return node

    def items(self, events: Iterator[yaml.Event]) -> tuple[Node, ...]:
        found = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            node = self.node(event, events)
            if not self.fault:
                found.append(node)
        return tuple(found)

    def entries(self, events: Iterator[yaml.Event]) -> tuple[Entry, ...]:
        found: dict[str, Entry] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events)
            value = self.node(next(events), events)
            if not isinstance(key, Scalar) or key.text == "<<":
                self.refuse(event, "a key must be a word; merge keys and lists are refused")
            elif key.text in found:
                earlier = found[key.text].line
                self.refuse(event, f"key '{key.text}' is already on line {earlier}; keep one")
            elif not self.fault:
                found[key.text] = Entry(key.text, key.line, value)
        return tuple(found.values())


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


@dataclass(frozen=True)
class _Text:
    """How far a text goes: its lines, and the last of them where nothing ends it, else ""."""

    lines: int
    open_line: str

    @classmethod
    def of(cls, file: BinaryIO) -> _Text:
        file.seek(0)
        lines, end = 0, b""
        for line in file:
            lines, end = lines + 1, line
        return cls(lines, "" if end.endswith(b"\n") else end.decode("utf-8", "replace"))

    def ends_at(self, line: int, column: int) -> bool:
        """Tell whether nothing but a colon follows a place."""
        if line > self.lines:
            return True
        return line == self.lines and self.open_line[column:].strip() == ":"


def _broken(error: yaml.YAMLError, text: _Text) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line, column = (1, 0) if mark is None else (mark.line + 1, mark.column)
    is_cut = text.ends_at(line, column) or "end of stream" in said or _CUT_CHARACTER in said
    if is_cut:
        message = f"the file ends too early ({said}); fetch it again"
        return Fault(min(line, max(text.lines, 1)), RejectRule.TRUNCATED, message)
    message = f"the YAML is broken ({said}), and not read on; mend it"
    return Fault(line, RejectRule.UNREADABLE, message)
