"""DrugMechDB: the steps by which drugs act on diseases, and what drugs do to proteins.

Comments of curators and passages of articles are prose, and are not taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import BinaryIO, Final

from kg.importing.drugmechdb_path import Link, MechanismPath, PathError, PathNode, read_path
from kg.importing.named_terms import Names, Notes
from kg.importing.plain_yaml import Fault, read_trees
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.statement import Draft
from kg.importing.terms import Kind, Terms
from kg.yaml_source import Mapping, Node

__all__ = ["INHIBITING", "NAME", "find_version", "read"]

NAME: Final = "drugmechdb"
INHIBITING: Final = frozenset({"decreases activity of"})
"""The predicates that say a drug inhibits a protein.

Others may mean less of the protein (decreases abundance, expression, synthesis of), another
process (negatively regulates) or only that the two meet (molecularly interacts with): those
claims are kept in their own words, and nothing is reported to be inhibited.
"""

_PARTS: Final = frozenset({"directed", "graph", "links", "multigraph", "nodes"})
_INDEX: Final = "_index.yaml"
_KINDS: Final = {"Drug": Kind.DRUG, "Protein": Kind.TARGET, "Disease": Kind.HISTOLOGY}


def find_version(files: Sequence[Path]) -> str | None:  # noqa: ARG001
    """Return None: neither paths nor their schema say which release they are."""
    return None


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the paths of YAML files: one path a file, several documents, or a list of them."""
    reader = _Reader(terms)
    for path in files:
        if path.name == _INDEX:
            message = "this is the index of the paths, which are read themselves"
            yield Reject(f"{path.name}:1", RejectRule.NOT_WANTED, message)
        else:
            yield from reader.items(path)


@dataclass
class _Reader:
    """Reads paths, and knows which ones and which names came before."""

    terms: Terms
    names: Names = field(default_factory=Names)
    seen: dict[str, str] = field(default_factory=dict)

    def items(self, path: Path) -> Iterator[Item]:
        """Yield the paths of a file."""
        with path.open("rb") as file:
            is_cut = _ends_within_line(file)
            for tree, following in pairwise(chain(read_trees(file), [None])):
                if isinstance(tree, Fault):
                    yield Reject(f"{path.name}:{tree.line}", tree.rule, tree.message)
                elif tree is not None:
                    yield self.item(tree, path.name, is_cut=is_cut and following is None)

    def item(self, tree: Node, name: str, *, is_cut: bool) -> Item:
        """Return the record of a path, or why it is none: it may be that its end is cut off."""
        try:
            path = read_path(tree)
        except PathError as error:
            if is_cut and _is_begun(tree):
                message = f"the file ends within a line, and so its path: {error}; fetch it again"
                return Reject(f"{name}:{error.line}", RejectRule.TRUNCATED, message)
            return Reject(f"{name}:{error.line}", error.rule, str(error))
        place = f"{name}:{path.line}"
        if path.id in self.seen:
            message = f"path {path.id} is already at {self.seen[path.id]}; keep one of them"
            return Reject(place, RejectRule.DUPLICATE, message, path.id)
        self.seen[path.id] = place
        notes = Notes(NAME, self.terms, self.names, path.id, place)
        return _PathNotes(notes, path, name).record()


def _ends_within_line(file: BinaryIO) -> bool:
    """Tell whether nothing ends the last line of a file, which is left at its start."""
    size = file.seek(0, 2)
    file.seek(max(size - 1, 0))
    last = file.read(1)
    file.seek(0)
    return last not in (b"\n", b"")


def _is_begun(tree: Node) -> bool:
    return isinstance(tree, Mapping) and any(entry.key in _PARTS for entry in tree.entries)


@dataclass
class _PathNotes:
    """What is noted down of one path."""

    notes: Notes
    path: MechanismPath
    file: str
    iris: dict[str, str] = field(default_factory=dict)

    def record(self) -> Record:
        """Return what the path states: itself, its steps, and its claims of drugs on proteins."""
        draft = self.notes.about("ImportedMechanismPath", self.path.id)
        drug, disease = self.path.drug, self.path.disease
        draft.labelled(f"{drug.name} in {disease.name}").text("recordPlace", self.notes.place)
        draft.link("concernsDrug", self.iri(drug)).text("statedDrug", drug.name)
        self.concern(draft)
        for reference in self.path.references:
            draft.text("citedReference", reference)
        for number, link in enumerate(self.path.links, start=1):
            draft.link("hasStep", self.step(number, link))
            if (link.source.label, link.target.label) == ("Drug", "Protein"):
                self.claim(number, link, draft.iri)
        for by in sorted({match.by.value for match in self.notes.matches}):
            draft.text("matchedBy", by)
        return self.notes.record()

    def step(self, number: int, link: Link) -> str:
        """Note a step of the path; return its IRI."""
        step = self.notes.about("ImportedMechanismStep", self.path.id, "step", str(number))
        step.labelled(f"{link.source.name} {link.key} {link.target.name}")
        step.typed("stepNumber", str(number), "integer").text("statedPredicate", link.key)
        step.link("stepSubject", self.iri(link.source)).link("stepObject", self.iri(link.target))
        _cite(step, link)
        return step.iri

    def claim(self, number: int, link: Link, path: str) -> None:
        """Note that a drug acts on a protein, and directly where it is said to inhibit it."""
        drug, target = self.iri(link.source), self.iri(link.target)
        claim = self.notes.about("ImportedDrugTargetClaim", self.path.id, "claim", str(number))
        claim.labelled(f"{link.source.name} {link.key} {link.target.name}")
        claim.text("recordPlace", f"{self.file}:{link.line}").link("partOfPath", path)
        claim.link("concernsDrug", drug).text("statedDrug", link.source.name)
        claim.link("concernsTarget", target).text("statedTarget", link.target.name)
        claim.text("statedAction", link.key)
        self.concern(claim)
        for reference in self.path.references:
            claim.text("citedReference", reference)
        _cite(claim, link)
        is_disputed = bool(link.refuting) and not link.supporting
        if link.key in INHIBITING and not is_disputed:
            self.notes.direct(drug, "reportedToInhibit", target)

    def concern(self, draft: Draft) -> None:
        """State the disease, as a histology of this graph where it is one."""
        iri = self.iri(self.path.disease)
        is_own = any(match.iri == iri for match in self.notes.matches)
        draft.link("concernsHistology" if is_own else "concernsDisease", iri)
        draft.text("statedDisease", self.path.disease.name)

    def iri(self, node: PathNode) -> str:
        """Return what a node is in this graph, or as a term of the import."""
        if node.id not in self.iris:
            self.iris[node.id] = self.find(node)
        return self.iris[node.id]

    def find(self, node: PathNode) -> str:
        kind = _KINDS.get(node.label)
        if kind is None:
            return self.notes.term("ExternalTerm", node.name, node.id, node.label)
        ids = self.path.drug_ids if node.id in self.path.drug_ids else (node.id,)
        # Proteins of other species have the names of human ones: their identifiers alone count.
        names = () if kind is Kind.TARGET else (node.name,)
        match = self.notes.find(kind, ids, names)
        return match.iri if match else self.notes.external(kind, node.name, node.id, node.label)


def _cite(draft: Draft, link: Link) -> None:
    for reference in link.supporting:
        draft.text("citedReference", reference)
    for reference in link.refuting:
        draft.text("refutedBy", reference)
