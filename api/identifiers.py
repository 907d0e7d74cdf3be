"""What things are called in other systems, and which of ours such a code means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.by_heart import ask_known
from api.canned import Row, read_canned
from api.engine import Engine
from kg.external_names import bare_code, code_key, read_codes

__all__ = ["EXACT", "Identifiers", "Match", "load_identifiers"]

EXACT = "exactMatch"
"""The relation by which a code means a thing."""

CLOSE = "closeMatch"
"""The relation by which a code means a thing where it is close to no other."""

_SKOS = "http://www.w3.org/2004/02/skos/core#"


@dataclass(frozen=True, order=True)
class Match:
    """A thing, the IRI of something in another system, and the property of SKOS between them.

    ``mapping`` is the record that states it, and ``comment`` what that says of its grounds.
    """

    thing: str
    relation: str
    code: str
    mapping: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Identifiers:
    """The codes of other systems that things are matched to.

    >>> sarcoma = "http://purl.obolibrary.org/obo/MONDO_0005089"
    >>> found = Identifiers((Match("urn:sarcoma", EXACT, sarcoma),))
    >>> found.find("mondo:0005089"), found.find("MONDO:0005060")
    (('urn:sarcoma',), ())
    """

    matches: tuple[Match, ...] = ()

    def find(self, text: str) -> tuple[str, ...]:
        """Return the things that a CURIE or IRI of another system means.

        Those are its exact matches; where it has none, the one thing that it is close to.
        """
        return self._meant(_keys(text))

    def find_bare(self, text: str) -> tuple[str, ...]:
        """Return the things that a code without a prefix means, if one system alone has it."""
        return self._bare.get(text.strip().casefold(), ())

    def near(self, text: str) -> Mapping[str, str]:
        """Return the things that a code is near to, and by which property of SKOS."""
        keys = (*_keys(text), *self._prefixed.get(text.strip().casefold(), ()))
        found = (each for key in dict.fromkeys(keys) for each in self._others.get(key, ()))
        return {each.thing: each.relation for each in found}

    def of(self, thing: str) -> tuple[Match, ...]:
        """Return the matches of a thing, in order."""
        return self._by_thing.get(thing, ())

    def _meant(self, keys: Iterable[str]) -> tuple[str, ...]:
        wanted = tuple(keys)
        if exact := {each.thing: None for key in wanted for each in self._exact.get(key, ())}:
            return tuple(exact)
        others = (each for key in wanted for each in self._others.get(key, ()))
        close = {each.thing: None for each in others if each.relation == CLOSE}
        return tuple(close) if len(close) == 1 else ()

    @cached_property
    def _exact(self) -> Mapping[str, list[Match]]:
        return _grouped(each for each in self.matches if each.relation == EXACT)

    @cached_property
    def _others(self) -> Mapping[str, list[Match]]:
        return _grouped(each for each in self.matches if each.relation != EXACT)

    @cached_property
    def _prefixed(self) -> Mapping[str, set[str]]:
        """The codes with their prefixes, by what they are without."""
        found: dict[str, set[str]] = defaultdict(set)
        for key in (*self._exact, *self._others):
            if bare := bare_code(key):
                found[bare].add(key)
        return found

    @cached_property
    def _bare(self) -> Mapping[str, tuple[str, ...]]:
        return {bare: self._meant(keys) for bare, keys in self._prefixed.items() if len(keys) == 1}

    @cached_property
    def _by_thing(self) -> Mapping[str, tuple[Match, ...]]:
        found: dict[str, list[Match]] = defaultdict(list)
        for each in sorted(self.matches):
            found[each.thing].append(each)
        return {thing: tuple(matches) for thing, matches in found.items()}


async def load_identifiers(engine: Engine) -> Identifiers:
    """Return the identifiers of the snapshot that an engine serves."""
    return Identifiers(tuple(map(_match, await ask_known(engine, read_canned("identifiers")))))


def _match(row: Row) -> Match:
    mapping, comment = row.get("mapping"), row.get("comment")
    return Match(
        row["thing"].value,
        row["relation"].value.removeprefix(_SKOS),
        row["code"].value,
        mapping.value if mapping else "",
        comment.value if comment else "",
    )


def _keys(text: str) -> tuple[str, ...]:
    return tuple(each.casefold() for each in (*read_codes(text), text.strip().strip("<>")))


def _grouped(matches: Iterable[Match]) -> Mapping[str, list[Match]]:
    found: dict[str, list[Match]] = defaultdict(list)
    for each in sorted(matches):
        found[code_key(each.code)].append(each)
    return found
