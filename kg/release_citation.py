"""How a release is cited: as a CITATION.cff, and as a plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.release_facts import AUTHOR, HOME_PAGE, ReleaseFacts
from kg.release_graphs import GraphDescription

__all__ = ["citation_cff", "citation_text"]

_SPDX: Mapping[str, str] = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
}
_CODE = "\\U{:08x}"
_MESSAGE = "Cite the snapshot, so that others find the same graph; imports are credited apart."


def citation_text(facts: ReleaseFacts) -> str:
    """Return the sentence by which a release is cited, and one for each import in it."""
    year = facts.date.partition("-")[0]
    lines = [
        f"{AUTHOR} ({year}). {facts.title}. Release {facts.version}, snapshot {facts.snapshot}. "
        f"{HOME_PAGE}"
    ]
    if facts.imports:
        lines += ["", "It holds, in graphs and files of their own:"]
        lines += [f"- {_credited(each)}" for each in facts.imports]
    return "\n".join(lines) + "\n"


def citation_cff(facts: ReleaseFacts) -> str:
    """Return a release in the Citation File Format 1.2.0 (https://citation-file-format.github.io)."""
    return "\n".join(_cff(facts)) + "\n"


def _cff(facts: ReleaseFacts) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield f"message: {_quoted(_MESSAGE)}"
    yield "type: dataset"
    yield f"title: {_quoted(facts.title)}"
    yield "authors:"
    yield f"  - name: {_quoted(AUTHOR)}"
    yield f"version: {_quoted(facts.version)}"
    yield f"date-released: {facts.date}"
    yield f"url: {_quoted(HOME_PAGE)}"
    yield "license: CC-BY-4.0"
    yield "identifiers:"
    yield "  - type: other"
    yield f"    value: {_quoted('sha256:' + facts.snapshot)}"
    yield f"    description: {_quoted('The SHA-256 of data.nq, which is the id of the snapshot')}"
    if facts.imports:
        yield "references:"
        for each in facts.imports:
            yield from _reference(each)


def _reference(each: GraphDescription) -> Iterator[str]:
    yield "  - type: database"
    yield f"    title: {_quoted(each.title or each.iri)}"
    yield "    authors:"
    yield f"      - name: {_quoted(each.attribution or each.title or each.iri)}"
    if each.version:
        yield f"    version: {_quoted(each.version)}"
    if each.source.startswith(("http://", "https://")):
        yield f"    url: {_quoted(each.source)}"
    if each.licence in _SPDX:
        yield f"    license: {_SPDX[each.licence]}"
    elif each.licence:
        yield f"    license-url: {_quoted(each.licence)}"


def _credited(each: GraphDescription) -> str:
    parts = (each.attribution or each.title or each.iri, each.version, each.source, each.licence)
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _quoted(text: str) -> str:
    r"""Return a text as a scalar of YAML, which knows no halves of characters as JSON does.

    >>> print(_quoted('a "b" \\ \u2028 \U0001f9ec'))
    "a \"b\" \\ \U00002028 \U0001f9ec"
    """
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return (
        character
        if character.isascii() and character.isprintable()
        else _CODE.format(ord(character))
    )
