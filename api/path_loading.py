"""The paths of a snapshot, loaded from the engine that serves it."""

from __future__ import annotations

from collections import defaultdict

from api.canned import ask_rows, read_canned
from api.directory import Directory
from api.engine import Engine
from api.histologies import Histologies
from api.imports import load_imports
from api.path_claims import Claims, load_claims
from api.path_index import PathIndex
from api.path_links import Links, load_links
from api.path_reasons import Vocabulary, find_memberships, find_wide_classes
from api.path_scopes import Scopes

__all__ = ["load_levels", "load_paths"]


async def load_paths(engine: Engine, directory: Directory, histologies: Histologies) -> PathIndex:
    """Return the index of the paths of the snapshot that an engine serves."""
    ontology = directory.namespaces.ontology
    claims = await load_claims(engine, ontology)
    links = await load_links(engine, ontology)
    return PathIndex(
        claims=claims,
        vocabulary=await _load_vocabulary(engine, directory, links, claims),
        links=links,
        scopes=Scopes(histologies),
        documents=await _load_documents(engine),
        reported=frozenset(
            (study, drug)
            for claim in claims.of("EvidenceItem")
            for study in claim.values("study")
            for drug in claim.values("drug")
        ),
        imports=await load_imports(engine),
    )


async def load_levels(engine: Engine) -> dict[str, str]:
    """Return what each level of evidence states, by its IRI."""
    rows = await ask_rows(engine, read_canned("paths-levels"))
    return {row["level"].value: row["statement"].value for row in rows}


async def _load_vocabulary(
    engine: Engine, directory: Directory, links: Links, claims: Claims
) -> Vocabulary:
    classes = defaultdict(set)
    for row in await ask_rows(engine, read_canned("paths-classes")):
        classes[row["drug"].value].add(row["class"].value)
    return Vocabulary(
        drugs=frozenset(entry.iri for entry in directory.members("drugs")),
        targets=frozenset(entry.iri for entry in directory.members("targets")),
        family_names=frozenset(entry.iri for entry in directory.members("families")),
        families=links.objects("memberOfFamily"),
        alteration_of=links.objects("alterationOf"),
        includes_drug=links.objects("includesDrug"),
        includes_class=links.objects("includesClass"),
        classes={drug: frozenset(found) for drug, found in classes.items()},
        wide_classes=find_wide_classes(find_memberships(claims)),
    )


async def _load_documents(engine: Engine) -> dict[str, str | None]:
    return {
        row["document"].value: row["issued"].value if "issued" in row else None
        for row in await ask_rows(engine, read_canned("paths-documents"))
    }
