"""What is compared: the drugs, the histology and the arms that an address names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from api.canned import ask_rows, read_canned
from api.directory import Directory, UnknownName, fold
from api.directory_entry import Entry
from api.histology_names import get_histology
from api.pages.desk import PageDesk
from api.parameters import LONGEST_NAME
from api.problems import ParameterError
from api.quotation import clipped

__all__ = ["MOST", "ArmEntry", "Wanted", "find_drugs", "find_histology", "load_arms", "pick_arms"]

MOST = 4
"""How many drugs or arms are compared at most."""

_NEAR_ENOUGH = 60
_SHOWN = 5


@dataclass(frozen=True)
class Wanted:
    """The names in an address; blank ones, which forms send, are left out."""

    drugs: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    histology: str = ""

    @classmethod
    def of_parameters(
        cls, drugs: Iterable[str], arms: Iterable[str], histologies: Iterable[str]
    ) -> Wanted:
        """Return what some parameters ask for; raises ParameterError.

        >>> Wanted.of_parameters(["imatinib", " "], [], ["GIST"]).drugs
        ('imatinib',)
        """
        found = cls(_given("drug", drugs), _given("arm", arms), "".join(histologies).strip())
        _check_length("histology", found.histology)
        if found.drugs and found.arms:
            raise ParameterError("arm", "drugs are compared, or arms; give one of them")
        return found


@dataclass(frozen=True)
class ArmEntry:
    """An arm that may be compared, by its names and those of its study."""

    iri: str
    curie: str
    label: str
    study: str
    study_label: str


def _given(parameter: str, values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
    for each in found:
        _check_length(parameter, each)
    if len(found) > MOST:
        message = f"{parameter} is given {len(found)} times; at most {MOST} are compared"
        raise ParameterError(parameter, message)
    return found


def _check_length(parameter: str, name: str) -> None:
    if len(name) > LONGEST_NAME:
        message = f"{parameter} has {len(name)} characters; a name has {LONGEST_NAME} at most"
        raise ParameterError(parameter, message)


def find_drugs(directory: Directory, names: Iterable[str]) -> tuple[str, ...]:
    """Return the drugs that some names mean, each once; raises UnknownName, AmbiguousName."""
    found = (directory.get(name, ["drugs"], parameter="drug").iri for name in names)
    return tuple(dict.fromkeys(found))


def find_histology(directory: Directory, name: str) -> str | None:
    """Return the histology that a name means, or None without one; raises as ``find_drugs``."""
    if not name:
        return None

    def get() -> str:
        return directory.get(name, ["histologies"], parameter="histology").iri

    return get_histology(directory, name, "histology", get)


async def load_arms(desk: PageDesk) -> tuple[ArmEntry, ...]:
    """Return all arms of the snapshot, in the order of their IRIs."""
    directory = desk.library.directory
    found: dict[str, ArmEntry] = {}
    for row in await ask_rows(desk.engine, read_canned("arms")):
        arm, study = row["arm"], row["study"]
        if not arm.is_iri or arm.value in found:
            continue
        curie = directory.shorten(arm.value)
        label = row["label"].value if "label" in row else curie
        study_label = row["studyLabel"].value if "studyLabel" in row else study.value
        found[arm.value] = ArmEntry(arm.value, curie, label, study.value, study_label)
    return tuple(found.values())


def pick_arms(arms: Sequence[ArmEntry], names: Iterable[str]) -> tuple[ArmEntry, ...]:
    """Return the arms with some names, each once: an IRI, an id, or a label if one has it.

    Raises UnknownName with near ones, also where a label is that of several arms.
    """
    found = (_pick(arms, name) for name in names)
    return tuple(dict.fromkeys(found))


def _pick(arms: Sequence[ArmEntry], name: str) -> ArmEntry:
    for each in arms:
        if name in (each.iri, each.curie):
            return each
    wanted = fold(name)
    called = [each for each in arms if wanted in (fold(each.curie), fold(each.label))]
    if len(called) == 1:
        return called[0]
    if called:
        message = f"arm '{clipped(name)}' is what {len(called)} arms are called; give the id of one"
    else:
        message = f"arm '{clipped(name)}' is not known"
    raise UnknownName(message, "arm", [_entry(each) for each in called or _near(arms, wanted)])


def _near(arms: Sequence[ArmEntry], wanted: str) -> list[ArmEntry]:
    names = {each.iri: fold(f"{each.label} {each.study_label}") for each in arms}
    by_iri = {each.iri: each for each in arms}
    close = process.extract(
        wanted, names, scorer=fuzz.WRatio, score_cutoff=_NEAR_ENOUGH, limit=_SHOWN
    )
    return [by_iri[iri] for _, _, iri in close]


def _entry(each: ArmEntry) -> Entry:
    return Entry(each.iri, each.curie, f"{each.label} ({each.study_label})")
