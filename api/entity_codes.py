"""Names of other systems where an address of ours is asked for: which thing they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from api.directory import Directory, Entry

__all__ = ["find_coded", "near_coded"]


def find_coded(iris: Iterable[str], directory: Directory) -> Entry | None:
    """Return the one thing that the code in some addresses means, unless they name things.

    `/histology/MONDO:0005089` and `/MONDO:0005089` lead to the same one; in `/drug/...` a code
    must be that of a drug.
    """
    given = tuple(iris)
    if any(iri in directory.entries for iri in given):
        return None
    for text, space in _texts(given, directory):
        found = [each for each in directory.find_coded(text) if each.iri.startswith(space)]
        own = [each for each in found if each.address] or found
        if len(own) == 1:
            return own[0]
    return None


def near_coded(
    iris: Iterable[str], directory: Directory
) -> tuple[Sequence[Entry], Mapping[str, str]]:
    """Return the things that the code in some addresses is near to, and by which relation."""
    for text, space in _texts(iris, directory):
        relations = directory.identifiers.near(text)
        near = [directory.entries[iri] for iri in relations if iri in directory.entries]
        if near := [each for each in near if each.iri.startswith(space)]:
            return near, relations
    return (), {}


def _texts(iris: Iterable[str], directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield what may be a code in some IRIs, with the namespace that its thing must be in."""
    root = directory.namespaces.root
    for iri in iris:
        text = unquote(iri.removeprefix(root))
        yield text, ""
        kind, slash, slug = text.partition("/")
        if slash and iri.startswith(root):
            yield slug, f"{root}{kind}/"
