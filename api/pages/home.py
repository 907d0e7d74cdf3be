"""The first page: what the graph knows, where it knows it from, and five questions to click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from api.by_heart import ask_known
from api.canned import read_canned
from api.imports import Import
from api.kinds import get_kind
from api.library import Library
from api.pages.desk import PageDesk
from api.pages.frame import render
from api.pages.home_example import example_result
from api.snapshot_names import made_at
from kg.manifest import Manifest

__all__ = ["home_page"]

_IMATINIB = "drug:imatinib"
_GIST = "histology:gastrointestinal-stromal-tumour"
_TILES = (
    ("drugs", "drugs", "what they act on, and what was seen of them"),
    ("targets", "targets", "receptors, kinases and other molecules"),
    ("families", "families of targets", "VEGFR, PDGFR and others"),
    ("histologies", "histologies", "soft-tissue sarcomas, as a tree"),
    ("regimens", "regimens", "drugs given together"),
    ("trials", "trials", "registered, or reported by the documents"),
    ("studies", "studies", "that the documents report"),
    ("evidence", "results", "each with its value, line and place"),
    ("recommendations", "recommendations", "of a guideline and a review"),
)
"""Kinds with the words for several of them, and what they are."""


@dataclass(frozen=True)
class Tile:
    """How many things of a kind there are."""

    count: int
    name: str
    about: str
    address: str


@dataclass(frozen=True)
class Document:
    """A document that claims were read from; ``issued`` is its date as printed."""

    label: str
    address: str
    issued: str | None
    claims: int


@dataclass(frozen=True)
class Question:
    """A question, and the page that answers it; it is asked where all ``needs`` are known."""

    text: str
    about: str
    address: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checks:
    """What the snapshot was held against when it was built."""

    shapes: int
    checks: int
    warnings: int
    infos: int


_QUERY = """SELECT ?label ?percent ?histology WHERE {
  ?result :endpoint :ObjectiveResponseRate ; :treatmentMode :Monotherapy ;
    :percent ?percent ; rdfs:label ?label ; :aboutHistology/rdfs:label ?histology .
  FILTER (?percent >= 40)
} ORDER BY DESC(?percent)"""

_QUESTIONS = (
    Question(
        "Which drugs inhibit KIT, and who says so?",
        "The target, its inhibitors, and the place of each claim.",
        "/target/kit",
        ("target:kit",),
    ),
    Question(
        "What responded in leiomyosarcoma?",
        "Every result in it, with its numbers, line of therapy and exact interval.",
        "/histology/leiomyosarcoma",
        ("histology:leiomyosarcoma",),
    ),
    Question(
        "How does imatinib lead to GIST?",
        "Drug, targets, tumour: mechanisms and results, kept apart.",
        "/explore?"
        + urlencode(
            {"drug": "drug:imatinib", "histology": "histology:gastrointestinal-stromal-tumour"}
        ),
        (_IMATINIB, _GIST),
    ),
    Question(
        "Where do the sources disagree?",
        "Results for and against, side by side, with what differs between the studies.",
        "/contradictions",
        (_IMATINIB,),
    ),
    Question(
        "Which single drugs reached a response rate of 40% or more?",
        "Asked in SPARQL: read the query, change it, run it again.",
        "/sparql?" + urlencode({"query": _QUERY}),
        (_IMATINIB,),
    ),
)


async def home_page(desk: PageDesk, manifest: Manifest) -> bytes:
    """Return the first page for the snapshot that a library is of."""
    library = desk.library
    snapshot = desk.engine.snapshot
    return render(
        "home.html",
        "sarcoma-kg",
        here="/",
        title_shown=False,
        snapshot=snapshot.id,
        tiles=[*_tiles(library)],
        documents=await _documents(desk),
        imports=_imports(library),
        questions=[each for each in _QUESTIONS if _is_asked(library, each)],
        manifest=manifest,
        made=made_at(snapshot),
        checks=_checks(manifest),
        example=await example_result(desk),
        example_count=len(library.directory.members("evidence")),
        desk=desk,
    )


def _tiles(library: Library) -> Iterator[Tile]:
    for kind, name, about in _TILES:
        found = library.directory.members(kind)
        if found:
            shown = get_kind(kind).singular if len(found) == 1 else name
            yield Tile(len(found), shown, about, f"/search?kind={kind}")


async def _documents(desk: PageDesk) -> list[Document]:
    rows = await ask_known(desk.engine, read_canned("home-documents"))
    return [
        Document(
            label=row["label"].value,
            address=desk.address(row["document"].value),
            issued=row["issued"].value if "issued" in row else None,
            claims=int(row["claims"].value),
        )
        for row in rows
        if "document" in row  # of no claims, the query gives one row with their number alone
    ]


def _imports(library: Library) -> list[Import]:
    return sorted(library.paths.imports.by_graph.values(), key=lambda each: each.title.lower())


def _is_asked(library: Library, question: Question) -> bool:
    names = library.context.namespaces
    return all(names.expand(each) in library.directory.entries for each in question.needs)


def _checks(manifest: Manifest) -> Checks | None:
    """Return what was checked, or None where the data set is validated by nobody."""
    files = manifest.inputs.files
    shapes = [name for name in files if name.startswith("shapes/")]
    if not shapes:
        return None
    checks = sum(name.startswith("shapes/checks/") for name in shapes)
    validation = manifest.validation
    return Checks(len(shapes) - checks, checks, validation.warnings, validation.infos)
