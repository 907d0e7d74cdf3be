"""OBO text files: terms, each stanza read on its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastobo  # type: ignore[import-untyped]

from kg.importing.external_term import Term
from kg.importing.record import Reject, RejectRule

__all__ = ["find_obo_version", "read_obo"]

_MATCHES = "skos:"
_DEFINED = "[Term]"
_FORMAT = re.compile(r"\s*format-version:[ \t]*1\.[024][ \t]*(?:!.*)?(?:\n|\Z)")


@dataclass(frozen=True)
class _Stanza:
    line: int
    text: str


def find_obo_version(file: Path) -> str | None:
    """Return the data-version of a file's header, or None without."""
    header = next(_stanzas(file), None)
    lines = header.text.splitlines() if header else []
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("data-version:")]
    return found[0] if found else None


def read_obo(file: Path) -> Iterator[Term | Reject]:
    """Yield the terms of an OBO file; relationships beside is_a are left to its other forms.

    A stanza that cannot be read is refused with its line, a file that is cut off as a whole.
    """
    problem = _check(file)
    if problem:
        yield problem
        return
    stanzas = _stanzas(file)
    next(stanzas)
    for stanza in stanzas:
        if stanza.text.startswith(_DEFINED):
            yield _read_stanza(file, stanza)


def _check(file: Path) -> Reject | None:
    """Return why a file is refused as a whole, or None."""
    try:
        with file.open("rb") as content:
            content.seek(0, 2)
            content.seek(max(content.tell() - 1, 0))
            if content.read(1) not in (b"\n", b""):
                message = "the file ends within a line; download it again"
                return Reject(file.name, RejectRule.TRUNCATED, message)
        header = next(_stanzas(file), None)
    except (OSError, UnicodeDecodeError) as error:
        message = f"the file cannot be read ({type(error).__name__}); download it again"
        return Reject(file.name, RejectRule.UNREADABLE, message)
    if header is None or not _FORMAT.match(header.text):
        message = "an OBO file starts with its format-version; give one of OBO 1.0, 1.2 or 1.4"
        return Reject(f"{file.name}:1", RejectRule.WRONG_SCHEMA, message)
    return None


def _stanzas(file: Path) -> Iterator[_Stanza]:
    """Yield the header, and each part that starts with a name in square brackets."""
    start, lines = 1, list[str]()
    with file.open(encoding="utf-8-sig") as content:
        for number, line in enumerate(content, 1):
            if line.startswith("["):
                yield _Stanza(start, "".join(lines))
                start, lines = number, []
            lines.append(line)
    yield _Stanza(start, "".join(lines))


def _read_stanza(file: Path, stanza: _Stanza) -> Term | Reject:
    place = f"{file.name}:{stanza.line}"
    try:
        frame = fastobo.loads(stanza.text)[0]
    except (SyntaxError, ValueError) as error:
        line = stanza.line + (getattr(error, "lineno", None) or 1) - 1
        message = f"the stanza is no OBO ({getattr(error, 'msg', error)}); mend this line"
        return Reject(f"{file.name}:{line}", RejectRule.UNREADABLE, message)
    return _term(frame, place)


def _term(frame: fastobo.term.TermFrame, place: str) -> Term:
    found: dict[str, set[str]] = defaultdict(set)
    synonyms, matches = set[tuple[str, str]](), set[tuple[str, str]]()
    for clause in frame:
        match clause:
            case fastobo.term.NameClause():
                found["name"].add(clause.name)
            case fastobo.term.SynonymClause():
                synonyms.add((clause.synonym.scope or "RELATED", clause.synonym.desc))
            case fastobo.term.XrefClause():
                found["xref"].add(_plain(clause.xref.id))
            case fastobo.term.PropertyValueClause():
                matches.update(_matches(clause.property_value))
            case fastobo.term.IsAClause() | fastobo.term.ReplacedByClause():
                found[clause.raw_tag()].add(str(clause.term))
            case fastobo.term.AltIdClause():
                found["alt_id"].add(str(clause.alt_id))
            case fastobo.term.IsObsoleteClause() if clause.obsolete:
                found["obsolete"].add("true")
    return Term(
        identifier=str(frame.id),
        place=place,
        label=min(found["name"], default=None),
        parents=frozenset(found["is_a"]),
        synonyms=frozenset(synonyms),
        references=frozenset(found["xref"]),
        alternatives=frozenset(found["alt_id"]),
        matches=frozenset(matches),
        replaced_by=frozenset(found["replaced_by"]),
        is_obsolete=bool(found["obsolete"]),
    )


def _matches(value: fastobo.pv.AbstractPropertyValue) -> Iterator[tuple[str, str]]:
    relation = str(value.relation)
    if relation.startswith(_MATCHES) and relation.endswith("Match"):
        yield relation.removeprefix(_MATCHES), str(value.value)


def _plain(identifier: object) -> str:
    """Return an identifier without the backslashes of OBO."""
    return str(identifier).replace("\\:", ":").replace("\\", "")
