"""Names of drugs and regimens as registries write them, looked up by rules that lose no meaning.

A name is tried as it is printed; then without the word for its kind (``Drug: ``), its dose, its
form and its salt, all at its end. A name of several joined by ``+``, ``and``, ``plus`` or ``&``
means each of them; one with commas or slashes does when every part is known. A regimen that is
named by its drugs means them, too. ``or`` and ``with`` join nothing, nor does what is stopped or
stood in for: that stays unmatched. Names of three letters or fewer, such as AI, mean too much:
they count in trials of a histology of this graph. Other names count where the name is unmatched,
nothing in it speaks against them, and all that are known mean one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.importing.clinicaltrials.acronyms import find_named
from kg.importing.terms import Kind, Match, Terms

__all__ = ["Named", "find_treatment", "split_names"]

_TYPE = re.compile(
    r"(?:drug|biological|combination product|radiation|procedure|other|genetic):\s+", re.IGNORECASE
)
_DOSE = re.compile(
    r"[\s,(]+\d[\d.,]*\s*(?:mg|g|mcg|µg|μg|ml|iu|units?|auc|%)"
    r"(?:\s*(?:/|per)\s*(?:m2|m\^2|m²|kg|ml|l|day|d))*"
    r"(?:\s*(?:qd|bid|tid|daily|once daily|twice daily|po|iv))*\)?",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"[\s,(]+(?:oral\s+)?(?:tablets?|capsules?|injection|infusion|solution|suspension|pills?|po|iv)\)?",
    re.IGNORECASE,
)
_SALT = re.compile(
    r"\s+(?:mono|di)?(?:mesylate|hydrochloride|hcl|malate|tosylate|sulfate|sulphate|phosphate"
    r"|citrate|maleate|acetate|sodium|disodium|ditosylate|besylate|fumarate|succinate)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*\+\s*|\s+&\s+|,?\s+(?:and|plus)\s+", re.IGNORECASE)
_LISTED = re.compile(rf"{_JOINED.pattern}|,\s+|\s*/\s*(?=[^\W\d]{{4}})", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:or|with|without|vs\.?|versus|placebo|followed by|then)\b", re.IGNORECASE
)
_NOT_GIVEN = re.compile(
    r"\b(?:no|not|without|cessation|(?:stop|discontinu|withdraw|withh[eo]ld|interrupt|holiday"
    r"|observ|wait|sham|dummy|vehicle|control)\w*)\b|placebo",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:choice|standard|best|either|or)\b|\bsoc\b", re.IGNORECASE)
_FORMULATION = re.compile(
    r"\bnab\b|nano|liposom|\bpeg|albumin|conjugat|micell|encapsul|lipid|polymer|label+ed|tracer"
    r"|\bPET\b|\bscan|imaging|\b(?:18-?F|68-?Ga|99m?-?Tc|177-?Lu|111-?In|131-?I|89-?Zr|90-?Y)\b",
    re.IGNORECASE,
)
_SHORT = 3


@dataclass(frozen=True)
class Named:
    """What a name means: drugs and regimens of this graph, and the parts that are not known."""

    drugs: tuple[Match, ...] = ()
    regimens: tuple[Match, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Search:
    terms: Terms
    is_short_allowed: bool

    def whole(self, name: str) -> Named | None:
        return next(filter(None, map(self._known, forms(name))), None)

    def others(self, name: str, others: tuple[str, ...]) -> Named | None:
        """Return the one thing that other names mean, where nothing speaks against it."""
        meant = {other: self._known(other) for other in others}
        unclear = [name, *(other for other, found in meant.items() if found is None)]
        if len(split_names(name)[1]) != 1 or any(map(_speaks_against, unclear)):
            return None
        found = [named for named in meant.values() if named]
        iris = {match.iri for named in found for match in (*named.drugs, *named.regimens)}
        return found[0] if len(iris) == 1 else None

    def parts(self, names: tuple[str, ...]) -> Named:
        found = [(name, self.whole(name)) for name in names]
        known = [named for _, named in found if named]
        return Named(
            tuple(dict.fromkeys(match for named in known for match in named.drugs)),
            tuple(dict.fromkeys(match for named in known for match in named.regimens)),
            tuple(name for name, named in found if named is None),
        )

    def _known(self, name: str) -> Named | None:
        if len(name.strip()) <= _SHORT and not self.is_short_allowed:
            return None
        if drug := find_named(self.terms, Kind.DRUG, name):
            return Named(drugs=(drug,))
        if regimen := find_named(self.terms, Kind.REGIMEN, name):
            return Named(regimens=(regimen,))
        return None


def find_treatment(
    terms: Terms, name: str, others: tuple[str, ...] = (), *, is_short_allowed: bool = False
) -> Named:
    """Return what the name of an intervention means; ``others`` are its other names.

    Where nothing is known the whole name is unknown.
    """
    search = _Search(terms, is_short_allowed)
    whole = search.whole(name)
    if whole and whole.drugs:
        return whole
    joined, listed = split_names(name)
    every = search.parts(listed)
    if len(listed) > 1 and not every.unknown:
        own = whole.regimens if whole else ()
        return replace(every, regimens=tuple(dict.fromkeys((*own, *every.regimens))))
    if whole:
        return whole
    some = search.parts(joined)
    if len(some.unknown) < len(joined):
        return some
    return search.others(name, others) or Named(unknown=(name,))


def _speaks_against(name: str) -> bool:
    return any(each.search(name) for each in (_NOT_GIVEN, _CHOICE, _FORMULATION, _UNCLEAR))


def split_names(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that are joined in one, and those when commas and slashes part them too.

    >>> split_names("Gemcitabine + Docetaxel")[0]
    ('Gemcitabine', 'Docetaxel')
    >>> split_names("gemcitabine or docetaxel")
    ((), ())
    """
    text = _TYPE.sub("", name.strip(), count=1)
    if _UNCLEAR.search(text) or _NOT_GIVEN.search(text):
        return (), ()
    joined, listed = (tuple(filter(None, by.split(text))) for by in (_JOINED, _LISTED))
    return joined, listed


def forms(name: str) -> Iterator[str]:
    """Yield a name as printed, then without its kind, dose, form and salt, each at most once.

    >>> list(forms("Drug: imatinib mesylate 400 mg tablets"))[-1]
    'imatinib'
    >>> list(forms("pegylated liposomal doxorubicin"))
    ['pegylated liposomal doxorubicin']
    """
    text = name.strip()
    seen = {text}
    yield text
    text = _TYPE.sub("", text, count=1) if _TYPE.match(text) else text
    for pattern in (None, _FORM, _DOSE, _FORM, _SALT):
        text = _without_end(text, pattern) if pattern else text
        if text and text not in seen:
            seen.add(text)
            yield text


def _without_end(text: str, pattern: re.Pattern[str]) -> str:
    ends = (found for found in pattern.finditer(text) if found.end() == len(text))
    first = next(ends, None)
    return text[: first.start()].rstrip() if first else text
