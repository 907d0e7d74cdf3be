"""Hierarchies as JSON: what there is, their trees, and their terms with what lies there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from api.answers import Desk
from api.directory import AmbiguousName, Entry, UnknownName
from api.hierarchy_counts import count_at
from api.hierarchy_imports import load_imported
from api.hierarchy_own import OwnTree
from api.hierarchy_tree import Stated, Tree
from api.problems import ParameterError
from api.quotation import clipped
from api.records import Json
from kg.near import suggest

__all__ = ["ADDRESS", "MOST_TERMS", "answer_hierarchies", "answer_term", "answer_tree"]

ADDRESS = "/api/v1/hierarchies"
MOST_TERMS = 2000
"""How many terms of a tree are shown at most."""

_NOTE = (
    "A term is aligned with a histology where a mapping states an exact match. What lies below it "
    "by its own hierarchy counts towards it; hierarchies differ in what they file where."
)


_SINGLE = frozenset({"identifier", "registeredAs", "level", "mainType", "tissue", "obsolete"})


async def answer_hierarchies(desk: Desk) -> Json:
    """Return all hierarchies of the snapshot."""
    trees = await _trees(desk)
    return {
        "snapshot": desk.library.snapshot,
        "total": len(trees),
        "note": _NOTE,
        "items": [_described(desk, tree) for tree in trees],
    }


async def answer_tree(desk: Desk, *, name: str, root: str | None, depth: int) -> Json:
    """Return the terms of a hierarchy from its roots, or one term, down to a depth.

    Raises UnknownName, AmbiguousName, and ParameterError for a tree that is too large.
    """
    tree = await _get_tree(desk, name)
    top = tree.hierarchy.roots if root is None else [await _find(tree, root, "root")]
    levels, seen = [tuple(top)], set(top)
    narrower: dict[str, list[str]] = {}
    for level in range(depth + 1):
        if len(seen) > MOST_TERMS:
            message = f"the tree has more than {MOST_TERMS:,} terms to depth {level}"
            raise ParameterError("depth", f"{message}; ask for less, or for a root further down")
        around = await tree.around(levels[-1])
        narrower |= {term: sorted(each.narrower) for term, each in around.items()}
        fresh = {each for term in levels[-1] for each in narrower[term]} - seen
        if level == depth or not fresh:
            break
        seen |= fresh
        levels.append(tuple(sorted(fresh)))
    stated = await tree.stated(sorted(seen))
    writer = _TermWriter(tree, stated, narrower)
    shown = [writer.branch(each, depth) for each in writer.ordered(top)]
    around_it = {"snapshot": desk.library.snapshot, "hierarchy": _described(desk, tree)}
    return {**around_it, "depth": depth, "terms": len(seen), "roots": shown}


async def answer_term(desk: Desk, *, name: str, term: str) -> Json:
    """Return a term with what is around it, and how much of the graph lies there.

    Raises UnknownName and AmbiguousName.
    """
    tree = await _get_tree(desk, name)
    iri = await _find(tree, term, "term")
    around = (await tree.around([iri]))[iri]
    wider = await tree.wider(iri)
    stated = await tree.stated(sorted({iri, *around.wider, *around.narrower, *wider}))
    writer, own = _TermWriter(tree, stated), stated[iri]
    here, below = tree.here(iri), tree.below(iri)
    asked = tree.question(iri, own)
    return {
        "snapshot": desk.library.snapshot,
        "hierarchy": _described(desk, tree),
        "term": {**writer.term(iri), **_more(own)},
        "parents": writer.written(around.wider),
        "children": writer.written(around.narrower),
        "ancestors": writer.written(wider),
        "aligned": {"here": _histologies(desk, here), "below": _histologies(desk, below - here)},
        "lies": await count_at(desk, asked, is_aligned=bool(below)),
        "note": _NOTE,
    }


@dataclass(frozen=True)
class _TermWriter:
    tree: Tree
    stated: Mapping[str, Stated]
    narrower: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def ordered(self, iris: Iterable[str]) -> list[str]:
        """Return terms by their labels."""
        return sorted(iris, key=lambda iri: (self.stated[iri].label.casefold(), iri))

    def written(self, iris: Iterable[str]) -> list[Json]:
        """Return terms by their labels, each as `term` has it."""
        return [self.term(each) for each in self.ordered(iris)]

    def term(self, iri: str) -> Json:
        """Return a term by its id, with how many histologies lie at or below it."""
        stated, name = self.stated[iri], self.tree.hierarchy.name
        return {
            "id": stated.id,
            "iri": iri,
            "label": stated.label,
            "histologies": len(self.tree.below(iri)),
            "link": f"{ADDRESS}/{name}/{quote(stated.id, safe=':')}",
        }

    def branch(self, iri: str, depth: int) -> Json:
        """Return a term with those below it, as far down as a depth."""
        below = self.narrower.get(iri, ())
        shown = {**self.term(iri), "narrower": len(below)}
        if depth and below:
            shown["children"] = [self.branch(each, depth - 1) for each in self.ordered(below)]
        return shown


async def _trees(desk: Desk) -> tuple[Tree, ...]:
    library = desk.library
    imports, foreign = library.paths.imports, library.directory.foreign
    return (OwnTree(library), *await load_imported(desk.engine, imports, foreign))


async def _get_tree(desk: Desk, name: str) -> Tree:
    trees = {tree.hierarchy.name: tree for tree in await _trees(desk)}
    if name not in trees:
        known = ", ".join(trees)
        message = f"there is no hierarchy '{clipped(name)}', only {known}"
        raise UnknownName(message + suggest(name, tuple(trees)), "name", ())
    return trees[name]


async def _find(tree: Tree, name: str, parameter: str) -> str:
    """Return the term that a name means; raises UnknownName and AmbiguousName."""
    found = await tree.find(name)
    if len(found) == 1:
        return found[0]
    shown = f"{parameter} '{clipped(name)}'"
    if not found:
        message = f"{shown} is not in the hierarchy {tree.hierarchy.name}"
        raise UnknownName(message, parameter, ())
    stated = await tree.stated(found)
    entries = [Entry(iri, each.id, each.label) for iri, each in stated.items()]
    message = f"{shown} means {len(found)} terms; give the id of one"
    raise AmbiguousName(message, parameter, entries)


def _described(desk: Desk, tree: Tree) -> Json:
    hierarchy, foreign = tree.hierarchy, desk.library.directory.foreign
    aligned = [each for each in foreign.of_graph(hierarchy.graph) if each.here]
    histologies = {iri for each in aligned for iri in each.here}
    is_own = not hierarchy.graph
    return {
        "name": hierarchy.name,
        **({} if is_own else {"graph": hierarchy.graph}),
        "source": dict(hierarchy.source),
        "terms": hierarchy.terms,
        "edges": hierarchy.edges,
        "roots": len(hierarchy.roots),
        "aligned": {
            "terms": hierarchy.terms if is_own else len(aligned),
            "histologies": hierarchy.terms if is_own else len(histologies),
        },
        "link": f"{ADDRESS}/{hierarchy.name}",
    }


def _more(stated: Stated) -> Json:
    """Return what else is stated of a term: lists, but for what there is one of."""
    shown: Json = {name: list(values) for name, values in stated.more.items() if any(values)}
    for name in shown.keys() & _SINGLE:
        shown[name] = shown[name][0]
    if "level" in shown:
        shown["level"] = int(shown["level"])
    if "obsolete" in shown:
        shown["obsolete"] = shown["obsolete"] in ("true", "1")
    return shown


def _histologies(desk: Desk, iris: Iterable[str]) -> list[Json]:
    directory = desk.library.directory
    return [
        desk.writer.reference(iri)
        for iri in sorted(iris, key=lambda iri: (directory.label(iri) or iri, iri))
    ]
