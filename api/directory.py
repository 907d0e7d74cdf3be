"""What things are called, and which thing a name means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from types import MappingProxyType

from rapidfuzz import fuzz, process

from api.by_heart import ask_known
from api.canned import read_canned
from api.directory_entry import Entry, record_address
from api.engine import Engine
from api.foreign_terms import ForeignTerms, load_foreign_terms
from api.identifiers import Identifiers, load_identifiers
from api.import_names import settle_imports
from api.kinds import KINDS
from api.quotation import clipped
from kg.namespaces import Namespaces
from kg.prefixes import compress
from kg.search_words import compact, read_words

__all__ = [
    "AmbiguousName",
    "Directory",
    "Entry",
    "UnknownName",
    "by_label",
    "load_directory",
    "record_address",
]

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NEAR_ENOUGH = 65
_SHOWN = 5


class UnknownName(LookupError):  # noqa: N818 - what the client is told
    """A name means nothing of the wanted kinds; ``near`` are entries that it may have meant.

    ``relations`` are, by their IRIs, the properties of SKOS by which some are matched to it.
    """

    def __init__(
        self,
        message: str,
        parameter: str,
        near: Sequence[Entry],
        relations: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.near = tuple(near)
        self.relations = relations


class AmbiguousName(LookupError):  # noqa: N818 - what the client is told
    """A name means several things; ``candidates`` are all of them."""

    def __init__(self, message: str, parameter: str, candidates: Sequence[Entry]) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.candidates = tuple(candidates)


@dataclass(frozen=True)
class Directory:
    """Everything that has a name, by its IRI.

    >>> names = Namespaces({"drug": "https://example.org/drug/"}, "https://example.org/o/")
    >>> dtic = Entry("https://example.org/drug/dacarbazine", "drug:dacarbazine", "dacarbazine",
    ...              ("DTIC",), frozenset({"drugs"}))
    >>> Directory({dtic.iri: dtic}, names).get("dtic", ["drugs"]).slug
    'dacarbazine'
    """

    entries: Mapping[str, Entry]
    namespaces: Namespaces
    identifiers: Identifiers = field(default_factory=Identifiers)
    foreign: ForeignTerms = field(default_factory=ForeignTerms)

    def label(self, iri: str) -> str | None:
        """Return the label of a thing, or None where it has none."""
        found = self.entries.get(iri)
        return None if found is None else found.label

    def members(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a kind, in the order of their labels."""
        return self._members.get(kind, ())

    def get(self, name: str, kinds: Iterable[str], *, parameter: str = "id") -> Entry:
        """Return the one thing of some kinds that an IRI, CURIE, slug, label or synonym means.

        An IRI or CURIE of another system means what is exactly matched to it. Where none does as
        it is written, one in the plural or with other hyphens, blanks, accents or Greek letters
        counts, as for the search, if it means one thing.
        Raises UnknownName and AmbiguousName; ``parameter`` says where the name was given.
        """
        wanted = tuple(kinds)
        found = self._find(name.strip(), wanted) or self._find_otherwise(name, wanted)
        if len(found) == 1:
            return found[0]
        if found:
            message = f"{parameter} '{clipped(name)}' means {len(found)} things; give the id of one"
            raise AmbiguousName(message, parameter, found)
        raise self._unknown(name, wanted, parameter)

    def search(self, kind: str, text: str) -> tuple[Entry, ...]:
        """Return the entries of a kind whose label or another name holds a text, or with a code."""
        wanted, coded = fold(text), {*self.identifiers.find(text)}
        return tuple(
            each
            for each in self.members(kind)
            if each.iri in coded
            or any(wanted in fold(name) for name in (each.label, *each.names, each.slug))
        )

    def find_coded(self, text: str) -> tuple[Entry, ...]:
        """Return the things that an IRI, CURIE or code of another system means."""
        found = self.identifiers.find(text) or self.identifiers.find_bare(text)
        return tuple(self.entries[iri] for iri in found if iri in self.entries)

    def shorten(self, iri: str) -> str:
        """Return the CURIE of an IRI, here or in a known system, or the IRI.

        Those of the ontology are under ``sarcoma:``.
        """
        return self._shorten(iri)

    @cached_property
    def _shorten(self) -> Callable[[str], str]:
        return lru_cache(maxsize=65536)(partial(_shorten, namespaces=self.namespaces))

    def _find(self, name: str, kinds: Sequence[str]) -> tuple[Entry, ...]:
        expanded = self.namespaces.expand(name.removeprefix("sarcoma"))
        for iri in filter(None, (name, expanded)):
            if iri in self.entries and self.entries[iri].kinds & set(kinds):
                return (self.entries[iri],)
        if coded := self._of_kinds(self.identifiers.find(name), kinds):
            return coded
        for index in (self._slugs, self._labels, self._names):
            found = index.get(fold(name), {})
            entries = [found[iri] for iri in sorted(found) if found[iri].kinds & set(kinds)]
            if entries:
                whole = [entry for entry in entries if entry.is_whole]
                return tuple(whole if len(whole) == 1 else entries)
        return self._of_kinds(self.identifiers.find_bare(name), kinds)

    def _of_kinds(self, iris: Iterable[str], kinds: Sequence[str]) -> tuple[Entry, ...]:
        found = (self.entries[iri] for iri in iris if iri in self.entries)
        return tuple(entry for entry in found if entry.kinds & set(kinds))

    def _find_otherwise(self, name: str, kinds: Sequence[str]) -> tuple[Entry, ...]:
        """Return the one thing whose name is the same but for its spelling; a comma parts names."""
        if "," in name:
            return ()
        words = read_words(name)
        for key in dict.fromkeys((compact(words), compact(words, stems=True))):
            found = [e for e in self._spellings.get(key, {}).values() if e.kinds & set(kinds)]
            whole = [entry for entry in found if entry.is_whole] or found
            if found:
                return tuple(whole) if len(whole) == 1 else ()
        return ()

    def _unknown(self, name: str, kinds: Sequence[str], parameter: str) -> UnknownName:
        wanted = " or ".join(_with_article(kind.singular) for kind in KINDS if kind.path in kinds)
        # Of the same name, the thing that documents state comes before that of another database.
        ours = [kind.path for kind in KINDS if not kind.is_imported]
        text = name.strip()
        other = self._find(text, ours) or self._find(text, [kind.path for kind in KINDS])
        if other:
            what = next(kind.singular for kind in KINDS if kind.path in other[0].kinds)
            message = f"{parameter} '{clipped(name)}' is the {what} {other[0].curie}, not {wanted}"
            return UnknownName(message, parameter, other)
        if near := self._of_kinds(relations := self.identifiers.near(name), kinds):
            said = (f"{each.curie} has it as skos:{relations[each.iri]}" for each in near)
            message = f"{parameter} '{clipped(name)}' is no exact match here: {', '.join(said)}"
            return UnknownName(message, parameter, near, relations)
        message = f"{parameter} '{clipped(name)}' is not known as {wanted}"
        return UnknownName(message, parameter, self._near(name, kinds))

    def _near(self, name: str, kinds: Sequence[str]) -> list[Entry]:
        choices = {
            (each.iri, known): fold(known)
            for kind in kinds
            for each in self.members(kind)
            for known in (each.label, *each.names)
        }
        found = process.extract(
            fold(name), choices, scorer=fuzz.WRatio, score_cutoff=_NEAR_ENOUGH, limit=20
        )
        iris = dict.fromkeys(key[0] for _, _, key in found)
        return [self.entries[iri] for iri in iris][:_SHOWN]

    @cached_property
    def _members(self) -> dict[str, tuple[Entry, ...]]:
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for each in sorted(self.entries.values(), key=by_label):
            for kind in each.kinds:
                grouped[kind].append(each)
        return {kind: tuple(entries) for kind, entries in grouped.items()}

    @cached_property
    def _slugs(self) -> dict[str, dict[str, Entry]]:
        return _index((each.slug, each) for each in self.entries.values())

    @cached_property
    def _labels(self) -> dict[str, dict[str, Entry]]:
        return _index((each.label, each) for each in self.entries.values())

    @cached_property
    def _names(self) -> dict[str, dict[str, Entry]]:
        return _index((name, each) for each in self.entries.values() for name in each.names)

    @cached_property
    def _spellings(self) -> dict[str, dict[str, Entry]]:
        index: dict[str, dict[str, Entry]] = defaultdict(dict)
        for each in self.entries.values():
            for words in map(read_words, (each.slug, each.label, *each.names)):
                for key in {compact(words), compact(words, stems=True)} - {""}:
                    index[key][each.iri] = each
        return dict(index)


def _shorten(iri: str, namespaces: Namespaces) -> str:
    curie = namespaces.compact(iri) or compress(iri) or iri
    return f"sarcoma{curie}" if curie.startswith(":") else curie


def fold(name: str) -> str:
    """Return a name without case, and with single blanks.

    >>> fold(" Ewing  Sarcoma")
    'ewing sarcoma'
    """
    return " ".join(name.casefold().split())


def by_label(entry: Entry) -> tuple[str, str]:
    """Return what entries are sorted by."""
    return fold(entry.label), entry.iri


async def load_directory(engine: Engine, namespaces: Namespaces) -> Directory:
    """Return the directory of the snapshot that an engine serves."""
    classes = {namespaces.ontology + kind.class_name: kind for kind in KINDS}
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in await ask_known(engine, read_canned("members", **{"class": classes})):
        kinds[row["entity"].value].add(classes[row["class"].value].path)
    labels: dict[str, str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for row in await ask_known(engine, read_canned("names")):
        iri, name = row["entity"].value, row["name"].value
        if row["property"].value == _LABEL:
            labels[iri] = min(name, labels.get(iri, name))
        names[iri].add(name)
    settle_imports(kinds, names)
    iris = labels.keys() | kinds.keys()
    entries = {
        iri: Entry(
            iri,
            curie=_shorten(iri, namespaces),
            label=labels.get(iri) or iri.rpartition("/")[2],
            names=tuple(sorted(names.get(iri, set()) - {labels.get(iri)})),
            kinds=frozenset(kinds.get(iri, ())),
        )
        for iri in iris
    }
    foreign = await load_foreign_terms(engine)
    return Directory(entries, namespaces, await load_identifiers(engine), foreign)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _index(pairs: Iterable[tuple[str, Entry]]) -> dict[str, dict[str, Entry]]:
    index: dict[str, dict[str, Entry]] = defaultdict(dict)
    for name, entry in pairs:
        index[fold(name)][entry.iri] = entry
    return dict(index)
