"""The values that things have: as cells of an extension, and as texts to compare."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.directory import Directory, Entry, fold
from api.identifiers import EXACT
from api.list_fields import FieldType
from api.list_table import Cell, Table
from api.reconcile.evidence import Evidence, figures_of
from api.reconcile.properties import Property
from api.reconcile.types import own_kind, types_of
from kg.external_names import bare_code, read_codes
from kg.prefixes import compress

__all__ = ["Settings", "Values"]

Json = dict[str, Any]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RELATIONS = {"exact": (EXACT,), "close": (EXACT, "closeMatch"), "any": ()}


@dataclass(frozen=True)
class Settings:
    """How values are fetched: how many (0: all), things as texts, and which matches elsewhere."""

    limit: int = 0
    as_text: bool = False
    match: str = "exact"


@dataclass(frozen=True)
class Values:
    """What is known of the things of some kinds; ``evidence`` where a property needs it."""

    directory: Directory
    tables: Mapping[str, Table]
    evidence: Evidence | None = None

    def cells(self, entry: Entry, wanted: Property, settings: Settings) -> list[Json]:
        """Return the values of a property of a thing, as an extension has them."""
        if wanted.system is not None:
            found = [{"str": each} for each in self._codes(entry, wanted, settings.match)]
        elif wanted.computed is not None:
            found = list(self._computed(entry, wanted.computed.id))
        else:
            found = [self._cell(wanted, each) for each in self._stated(entry, wanted)]
        if settings.as_text:
            found = [{"str": each["name"]} if "id" in each else each for each in found]
        unique = list({str(each): each for each in found}.values())
        return unique[: settings.limit] if settings.limit else unique

    def texts(self, entry: Entry, wanted: Property) -> Iterator[str]:
        """Yield what the values of a property of a thing are compared as."""
        if _is_coded(wanted):
            for code in map(fold, self._codes(entry, wanted, "close")):
                yield from (code, code.partition(":")[2])
        elif wanted.computed is not None:
            for each in self._computed(entry, wanted.computed.id):
                yield from (_plain(value) for value in each.values())
        else:
            for cell in self._stated(entry, wanted):
                yield from self._cell_texts(wanted, cell)

    def asked_as(self, value: str | float | bool, wanted: Property) -> frozenset[str]:
        """Return what a value that is asked for may be among the texts of a property."""
        text = str(value)
        if _is_coded(wanted):
            return frozenset(map(fold, (*read_codes(text), text)))
        expanded = self.directory.namespaces.expand(text.removeprefix("sarcoma"))
        return frozenset((_plain(value), *((_plain(expanded),) if expanded else ())))

    def identifies(self, entry: Entry, wanted: Property, value: str | float | bool) -> bool:
        """Tell whether a value is that of this thing alone: a near code is not.

        Without its prefix a code is told apart by its system, or by letters beside digits.
        """
        if not _is_coded(wanted):
            return wanted.is_identifying
        codes = self._codes(entry, wanted, "exact")
        bare = (
            fold(each).partition(":")[2] if wanted.system else bare_code(each) for each in codes
        )
        return not self.asked_as(value, wanted).isdisjoint((*map(fold, codes), *bare))

    def _cell_texts(self, wanted: Property, cell: Cell) -> Iterator[str]:
        yield _plain(cell.shown)
        if wanted.field is not None and wanted.field.type is FieldType.THING:
            thing = self.directory.entries.get(cell.shown)
            yield fold(self.directory.shorten(cell.shown))
            if thing is not None:
                yield from map(fold, (thing.label, thing.slug, *thing.names))

    def _stated(self, entry: Entry, wanted: Property) -> Iterable[Cell]:
        # The table of one kind, whatever else was asked for beside the thing.
        table = self.tables.get(own_kind(entry.kinds) or "")
        row = table.by_iri.get(entry.iri) if table else None
        return row.of(wanted.id) if row else ()

    def _codes(self, entry: Entry, wanted: Property, match: str) -> list[str]:
        relations = _RELATIONS[match]
        found = [
            compress(each.code) or each.code
            for each in self.directory.identifiers.of(entry.iri)
            if not relations or each.relation in relations
        ]
        if wanted.system is None:
            return found
        return [each for each in found if each.partition(":")[0] == wanted.system.prefix]

    def _cell(self, wanted: Property, cell: Cell) -> Json:
        kind = wanted.field.type if wanted.field is not None else FieldType.TEXT
        match kind:
            case FieldType.THING:
                return self._thing(cell.shown)
            case FieldType.NUMBER:
                return _number(cell.shown)
            case FieldType.DATE if _DAY.fullmatch(cell.shown):
                return {"date": f"{cell.shown}T00:00:00Z"}
            case FieldType.FLAG:
                return {"str": "true" if cell.value else "false"}
        return {"str": cell.shown}

    def _thing(self, iri: str) -> Json:
        """Return a thing of a type by its id and name; a term of another system as a text."""
        entry = self.directory.entries.get(iri)
        if entry is None or not entry.kinds:
            return {"str": (entry.label if entry else None) or self.directory.shorten(iri)}
        return {"id": entry.curie, "name": entry.label}

    def _computed(self, entry: Entry, name: str) -> Iterator[Json]:
        if name == "iri":
            yield {"str": entry.iri}
        elif name == "curie":
            yield {"str": entry.curie}
        elif name == "typeName":
            yield from ({"str": each.name} for each in types_of(entry.kinds)[:1])
        elif self.evidence is not None:
            yield from self._of_evidence(self.evidence, entry.iri, name)

    def _of_evidence(self, evidence: Evidence, iri: str, name: str) -> Iterator[Json]:
        if name == "evidenceCount":
            yield {"int": evidence.count(iri)}
            return
        if name == "recommendationCount":
            yield {"int": evidence.count_advice(iri)}
            return
        best = evidence.best(iri)
        if best is None:
            return
        if name == "bestEvidence":
            yield self._thing(best.iri)
        elif name == "bestEvidenceFigures":
            endpoints = [self.directory.label(cell.shown) or "" for cell in best.of("endpoint")]
            yield {"str": ", ".join(filter(None, (*endpoints, *figures_of(best))))}
        else:
            field = name.removeprefix("bestEvidence").lower()
            yield from (self._thing(cell.shown) for cell in best.of(field))


def _is_coded(wanted: Property) -> bool:
    return wanted.system is not None or wanted.id == "identifier"


def _plain(value: object) -> str:
    """Return a value as it is compared: numbers by what they are, texts without case.

    >>> _plain("5.50"), _plain(5.5), _plain(True), _plain("CR ")
    ('5.5', '5.5', 'true', 'cr')
    """
    if isinstance(value, bool):
        return str(value).lower()
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return fold(str(value))
    return f"{number:g}"


def _number(text: str) -> Json:
    """Return a number as it is typed: whole, broken, or none that JSON has.

    >>> _number("5"), _number("0.5"), _number("INF")
    ({'int': 5}, {'float': 0.5}, {'str': 'INF'})
    """
    try:
        return {"int": int(text)}
    except ValueError:
        number = float(text) if text else math.nan
    return {"float": number} if math.isfinite(number) else {"str": text}
