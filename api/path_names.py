"""What the names in a question about paths mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

from api.directory import AmbiguousName, Directory, UnknownName, fold
from api.histology_names import get_histology
from api.import_sources import read_sources
from api.path_index import PathIndex
from api.path_parameters import ANYTHING, PathFilter, last_day
from api.path_question import ANY, Choice, PathQuestion
from api.problems import ParameterError

__all__ = ["read_question"]

_MODES = {
    "alone": ("Monotherapy", "SequentialMonotherapy"),
    "combination": ("Combination", "DrugWithRadiotherapy"),
}
_NODES = ("drug", "drugClass", "target", "family", "biomarker", "histology")


def read_question(directory: Directory, index: PathIndex, wanted: PathFilter) -> PathQuestion:
    """Return the question that some parameters put.

    Raises ParameterError, UnknownName and AmbiguousName.
    """
    names = _Names(directory, index)
    takes_documents, imports = read_sources(index.imports, wanted.source)
    if wanted.document or wanted.latest:
        # No other statements count than those of some documents.
        if not takes_documents:
            raise ParameterError("source", "document and asOf leave no import; ask for one of them")
        imports = frozenset()
    question = PathQuestion(
        kinds=frozenset(wanted.kind),
        reaches=frozenset(wanted.reach),
        drugs=names.choice("drug", wanted.drug, ("drugs",)),
        classes=names.choice("drugClass", wanted.drug_class, ("drug-classes",)),
        targets=names.choice("target", wanted.target, ("targets", "families")),
        families=names.choice("family", wanted.family, ("families",)),
        biomarkers=names.choice("biomarker", wanted.biomarker, ("biomarkers",)),
        histologies=names.choice("histology", wanted.histology, ("histologies",)),
        only_direct=wanted.direct,
        endpoints=names.terms("endpoint", wanted.endpoint, ("endpoints",)),
        lines=names.terms("line", wanted.line, ("lines",)),
        phases=names.terms("phase", wanted.phase, ("phases",)),
        modes=names.modes(wanted.treatment_mode),
        least_evaluable=wanted.min_evaluable,
        documents=names.documents(wanted),
        takes_documents=takes_documents,
        imports=imports,
    )
    asked = (
        question.drugs,
        question.classes,
        question.targets,
        question.families,
        question.biomarkers,
        question.histologies,
    )
    if not any(asked):
        listed = f"{', '.join(_NODES[:-1])} and {_NODES[-1]}"
        raise ParameterError("drug", f"give at least one of {listed}; * is any")
    return question


@dataclass(frozen=True)
class _Names:
    directory: Directory
    index: PathIndex

    def choice(self, parameter: str, names: Sequence[str], kinds: Sequence[str]) -> Choice | None:
        """Return what a list of names chooses; None where nothing is asked for."""
        if not names:
            return None
        if ANYTHING in names:
            return ANY
        iris = frozenset(self._iris(parameter, names, kinds))
        below = (self.directory.foreign.below.get(each, frozenset()) for each in iris)
        return Choice(iris, frozenset[str]().union(*below))

    def terms(self, parameter: str, names: Sequence[str], kinds: Sequence[str]) -> frozenset[str]:
        """Return the names of terms of the ontology."""
        if ANYTHING in names:
            raise ParameterError(parameter, f"{parameter} has no *; leave it out for any")
        ontology = self.directory.namespaces.ontology
        iris = self._iris(parameter, names, kinds)
        return frozenset(iri.removeprefix(ontology) for iri in iris)

    def modes(self, names: Sequence[str]) -> frozenset[str]:
        """Return the treatment modes that some words or terms mean."""
        words = {mode for name in names for mode in _MODES.get(fold(name), ())}
        others = [name for name in names if fold(name) not in _MODES]
        return self.terms("treatmentMode", others, ("treatment-modes",)) | words

    def documents(self, wanted: PathFilter) -> frozenset[str] | None:
        """Return the documents whose statements count, or None where all do."""
        latest = wanted.latest
        if latest is None and not wanted.document:
            return None
        named = self._iris("document", wanted.document, ("documents",)) or self.index.documents
        return frozenset(iri for iri in named if latest is None or self._is_by(iri, latest))

    def _is_by(self, document: str, latest: date) -> bool:
        issued = last_day(self.index.documents.get(document) or "")
        return issued is not None and issued <= latest

    def _iris(self, parameter: str, names: Iterable[str], kinds: Sequence[str]) -> list[str]:
        return [iri for name in names for iri in self._find(parameter, name, kinds)]

    def _find(self, parameter: str, name: str, kinds: Sequence[str]) -> list[str]:
        """Return what a name means, or what the names between its commas do."""
        if parameter == "drugClass" and (defined := self._find_class(name)):
            return [defined]
        try:
            get = partial(self._get, parameter, name, kinds)
            if parameter == "histology":
                return [get_histology(self.directory, name, parameter, get)]
            return [get()]
        except UnknownName:
            parts = [part for part in name.split(",") if part.strip()]
            if len(parts) < 2:
                raise
            return [iri for part in parts for iri in self._find(parameter, part, kinds)]

    def _get(self, parameter: str, name: str, kinds: Sequence[str]) -> str:
        """Return what a name means: where it means several things, one of an earlier kind."""
        try:
            return self.directory.get(name, kinds, parameter=parameter).iri
        except (AmbiguousName, UnknownName):
            for kind in kinds[:-1]:
                with suppress(UnknownName):
                    return self.directory.get(name, [kind], parameter=parameter).iri
            raise

    def _find_class(self, name: str) -> str | None:
        """Return the class of the ontology that a name means, unless a stated class has it."""
        stated = self.directory.members("drug-classes")
        known = {fold(each) for entry in stated for each in (entry.label, *entry.names)}
        if fold(name) in known:
            return None
        defined = {iri for found in self.index.vocabulary.classes.values() for iri in found}
        for iri in sorted(defined):
            own = (iri, self.directory.shorten(iri), iri.rpartition("/")[2])
            if fold(name) in map(fold, (*own, self.directory.label(iri) or iri)):
                return iri
        return None
