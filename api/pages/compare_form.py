"""The form in which drugs or arms are chosen, with the names that it suggests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.directory import AmbiguousName, UnknownName
from api.directory_entry import Entry
from api.pages.compare_examples import Example, find_examples
from api.pages.compare_question import MOST, ArmEntry, Wanted, load_arms
from api.pages.desk import PageDesk

__all__ = ["HERE", "CompareForm", "Mistake", "address_of", "make_form", "mistake_of"]

HERE = "/compare"
_MOST_SUGGESTED = 400


@dataclass(frozen=True)
class CompareForm:
    """The form: what stands in its fields, what they suggest, and what may be clicked instead."""

    drugs: tuple[str, ...]
    arms: tuple[str, ...]
    histology: str
    drug_names: tuple[str, ...]
    histology_names: tuple[str, ...]
    arm_names: tuple[ArmEntry, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Mistake:
    """A name that means nothing, or several things: what may be meant instead, as addresses."""

    message: str
    near: tuple[Example, ...]


def address_of(wanted: Wanted, **changed: Sequence[str]) -> str:
    """Return the address of a comparison; ``changed`` are other drugs or arms.

    >>> address_of(Wanted(("a", "b"), (), "GIST"), drugs=["b", "a"])
    '/compare?drug=b&drug=a&histology=GIST'
    """
    drugs, arms = changed.get("drugs", wanted.drugs), changed.get("arms", wanted.arms)
    given = [("drug", each) for each in drugs] + [("arm", each) for each in arms]
    given += [("histology", wanted.histology)] if wanted.histology else []
    return f"{HERE}?{urlencode(given, safe=':/')}" if given else HERE


async def make_form(desk: PageDesk, wanted: Wanted, drug: str | None = None) -> CompareForm:
    """Return the form with what is wanted in it; ``drug`` is the one that examples are of."""
    directory, arms = desk.library.directory, await load_arms(desk)
    return CompareForm(
        drugs=_padded(wanted.drugs),
        arms=_padded(wanted.arms),
        histology=wanted.histology,
        drug_names=_names(directory.members("drugs")),
        histology_names=_names(directory.members("histologies")),
        arm_names=arms[:_MOST_SUGGESTED],
        examples=await find_examples(desk, drug) or await find_examples(desk),
    )


def mistake_of(wanted: Wanted, error: UnknownName | AmbiguousName) -> Mistake:
    """Return what an error says, with the comparisons that may be meant."""
    entries = error.near if isinstance(error, UnknownName) else error.candidates
    near = (Example(each.label, _corrected(wanted, error, each)) for each in entries)
    return Mistake(str(error), tuple(near))


def _corrected(wanted: Wanted, error: UnknownName | AmbiguousName, entry: Entry) -> str:
    """Return the address with a name in the place of the one that an error quotes."""

    def replaced(names: Sequence[str]) -> list[str]:
        return [entry.curie if _is_quoted(name, error) else name for name in names]

    if error.parameter == "histology":
        return address_of(Wanted(wanted.drugs, wanted.arms, entry.curie))
    return address_of(wanted, drugs=replaced(wanted.drugs), arms=replaced(wanted.arms))


def _is_quoted(name: str, error: Exception) -> bool:
    return f"'{name[:20]}" in str(error)


def _padded(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, with a blank field more, and two fields at least.

    >>> _padded(("a",)), len(_padded(("a", "b", "c", "d")))
    (('a', ''), 4)
    """
    fields = min(MOST, max(2, len(names) + 1))
    return (*names, *("" for _ in range(fields - len(names))))


def _names(entries: Iterable[Entry]) -> tuple[str, ...]:
    named: Mapping[str, None] = dict.fromkeys(each.label for each in entries)
    return tuple(named)[:_MOST_SUGGESTED]
