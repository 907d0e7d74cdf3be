"""What the records are written and checked by, as files: ontology, context, shapes, licences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from kg.shipped import Shipped

__all__ = ["APACHE", "CC_BY", "Definition", "find_definitions"]

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
APACHE = "https://www.apache.org/licenses/LICENSE-2.0"

_TURTLE = "text/turtle; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Definition:
    """A file of this installation, which no snapshot changes."""

    name: str
    what: str
    content_type: str
    licence: str | None
    body: bytes


def find_definitions(shipped: Shipped) -> Mapping[str, Definition]:
    """Return the files by their names; the shapes are one file, each under a comment with its name.

    LICENSE and NOTICE are left out where the installation has none.
    """
    ours, ontology = partial(Definition, licence=CC_BY), shipped.ontology
    found = (
        ours("ontology.ttl", "Classes, properties and axioms, with comments", _TURTLE,
             body=(ontology / "sarcoma.ttl").read_bytes()),
        ours("histology.ttl", "The tumour tree, with comments", _TURTLE,
             body=(ontology / "histology.ttl").read_bytes()),
        ours("context.jsonld", "What each key of a record means", "application/ld+json",
             body=shipped.context.read_bytes()),
        Definition("shapes.ttl", "The SHACL shapes that records must pass", _TURTLE, APACHE,
                   b"".join(_shapes(shipped))),
        *_licence(shipped),
        *_notice(shipped),
    )  # fmt: skip
    return {each.name: each for each in found}


def _shapes(shipped: Shipped) -> Iterator[bytes]:
    for path in sorted(shipped.shapes.glob("*.ttl")):
        yield f"# shapes/{path.name}\n".encode() + path.read_bytes().rstrip() + b"\n\n"


def _licence(shipped: Shipped) -> Iterator[Definition]:
    path = shipped.data / "LICENSE"
    if path.is_file():
        yield Definition("LICENSE.txt", "The licence of the data", _TEXT, None, path.read_bytes())


def _notice(shipped: Shipped) -> Iterator[Definition]:
    text = _read_notice(shipped.root)
    if text:
        yield Definition("NOTICE.txt", "Sources, and whose they are", _TEXT, None, text.encode())


def _read_notice(root: Path) -> str | None:
    """Return the notice that lies beside the packages, or in the metadata of an installation."""
    if (root / "NOTICE").is_file():
        return (root / "NOTICE").read_text(encoding="utf-8")
    try:
        return distribution("sarcoma-kg").read_text("licenses/NOTICE")
    except PackageNotFoundError:
        return None
