"""Small statements and an index of paths over them, for tests."""

from __future__ import annotations

from collections.abc import Iterable

from api.histologies import Histologies
from api.path_choice import PathChoice, choose_paths
from api.path_claims import Claim, Claims
from api.path_index import Path, PathIndex
from api.path_kinds import PathKind
from api.path_links import Links
from api.path_question import Choice, PathQuestion
from api.path_reasons import Vocabulary
from api.path_scopes import Scopes

__all__ = ["TREE", "VOCABULARY", "asked", "claim", "index_of", "result", "shown", "some", "ways_of"]

TREE = Histologies({"sarcoma": frozenset({"lms", "gist"}), "lms": frozenset({"uterine lms"})})

VOCABULARY = Vocabulary(
    drugs=frozenset({"anlotinib", "imatinib", "17-aag", "ipi-504", "doxorubicin", "ifosfamide"}),
    family_names=frozenset({"pdgfr"}),
    families={"pdgfra": frozenset({"pdgfr"})},
    alteration_of={"exon 11": frozenset({"kit"}), "fusion": frozenset({"pdgfb"})},
    includes_drug={"aim": frozenset({"doxorubicin", "ifosfamide"})},
    includes_class={"aim": frozenset({"anthracyclines"})},
    classes={"imatinib": frozenset({"KITInhibitor"})},
)


def claim(iri: str, kind: str, document: str = "review", **fields: str | Iterable[str]) -> Claim:
    """Return a statement; a field is one value, or a list of them."""
    given = {"type": kind, "inDocument": document, **fields}
    return Claim(
        iri,
        {
            name: frozenset([value] if isinstance(value, str) else value)
            for name, value in given.items()
        },
    )


def result(iri: str, drug: str, histology: str, **fields: str | Iterable[str]) -> Claim:
    """Return a result that is for its drug, unless the fields say otherwise."""
    about = {"drug": drug, "histology": histology, "direction": "Supports", "study": f"of {iri}"}
    return claim(iri, **{"kind": "EvidenceItem", **about, **fields})  # type: ignore[arg-type]


def index_of(
    *claims: Claim,
    links: Links | None = None,
    documents: dict[str, str | None] | None = None,
    vocabulary: Vocabulary = VOCABULARY,
) -> PathIndex:
    """Return an index over some statements."""
    return PathIndex(
        claims=Claims({each.iri: each for each in claims}),
        vocabulary=vocabulary,
        links=links or Links({}),
        scopes=Scopes(TREE),
        documents=documents or {"review": "2007"},
        reported=frozenset(
            (study, drug)
            for each in claims
            if each.is_a("EvidenceItem")
            for study in each.values("study")
            for drug in each.values("drug")
        ),
    )


def some(*iris: str) -> Choice:
    """Return a choice of some things."""
    return Choice(frozenset(iris))


def asked(index: PathIndex, **question: object) -> PathChoice:
    """Return what a question asks for."""
    return choose_paths(index, PathQuestion(**question))  # type: ignore[arg-type]


def shown(paths: Iterable[Path], kind: PathKind | None = None) -> list[tuple[str, ...]]:
    """Return paths by their drugs, targets and histologies, in the order of these."""
    return sorted(
        (path.drug, *path.targets, path.histology) for path in paths if kind in (None, path.kind)
    )


def ways_of(index: PathIndex, kind: PathKind, **question: object) -> list[tuple[str, ...]]:
    """Return the paths of a kind that a question asks for, as shown."""
    return shown(asked(index, **question).paths(), kind)
