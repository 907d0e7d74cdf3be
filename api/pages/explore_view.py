"""What the address of the explorer asks for, and the addresses of other views of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from pydantic import ValidationError

from api.path_kinds import IMPORTED_KINDS, PathKind
from api.path_parameters import ANYTHING, PathFilter
from api.problems import ParameterError
from api.quotation import quoted
from kg.near import suggest

__all__ = ["ADDRESS", "EDGE_MARK", "THINGS", "View", "edge_name", "read_view"]

ADDRESS = "/explore"
THINGS = ("drug", "target", "family", "histology")
"""The parameters that choose things along the paths; several of one mean any of them."""

EDGE_MARK = "|"
"""What stands between the two ends of an edge: no IRI and no CURIE has it."""

_API = "/api/v1/paths"
_ALL = "all"


class _Given(Protocol):
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class View:
    """A view of the graph, in the names that the address gives.

    ``chosen`` are the names of things, ``until`` the date by which documents count, ``edge`` the
    two ends of the edge whose claims are listed.

    >>> View({"drug": ("imatinib",)}).with_(edge="imatinib|GIST").address
    '/explore?drug=imatinib&edge=imatinib%7CGIST'
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    until: str = ""
    edge: str = ""
    shows_all: bool = False
    sort: str = ""

    @property
    def parameters(self) -> dict[str, tuple[str, ...] | str]:
        """What the address says of the view."""
        given: dict[str, tuple[str, ...] | str] = {
            **{name: self.chosen.get(name, ()) for name in THINGS},
            "kind": self.kinds,
            "source": self.sources,
            "as_of": self.until,
            "show": _ALL if self.shows_all else "",
            "edge": self.edge,
            "sort": self.sort,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def address(self) -> str:
        """The address of the view."""
        query = urlencode(self.parameters, doseq=True)
        return f"{ADDRESS}?{query}" if query else ADDRESS

    @property
    def is_open(self) -> bool:
        """Whether no thing is chosen: then the best of the graph is shown, or all of it."""
        return not any(self.chosen.values())

    def with_(self, *, edge: str = "", shows_all: bool | None = None) -> View:
        """Return the view with another edge, or with everything drawn."""
        shown = self.shows_all if shows_all is None else shows_all
        return replace(self, edge=edge, shows_all=shown, sort="")

    def choosing(self, parameter: str, names: Iterable[str]) -> View:
        """Return the view with other names for a parameter, and without an edge."""
        chosen = {**self.chosen, parameter: tuple(names)}
        return replace(self, chosen=chosen, edge="", sort="", shows_all=False)

    def without(self, parameter: str, name: str) -> View:
        """Return the view without a name.

        >>> View({"drug": ("a", "b")}).without("drug", "a").address
        '/explore?drug=b'
        """
        bare = replace(self, edge="", sort="")
        match parameter:
            case "kind":
                return replace(bare, kinds=tuple(each for each in self.kinds if each != name))
            case "source":
                return replace(bare, sources=())
            case "as_of":
                return replace(bare, until="")
        kept = (each for each in self.chosen.get(parameter, ()) if each != name)
        return self.choosing(parameter, kept)

    @property
    def filter(self) -> PathFilter:
        """What is asked of the paths; raises ParameterError."""
        wanted = {name: list(names) for name, names in self.asked.items()}
        if self.until:
            wanted["as_of"] = self.until  # type: ignore[assignment]
        try:
            return PathFilter.model_validate(wanted)
        except ValidationError as error:
            first = error.errors()[0]
            place = str(first["loc"][0])
            raise ParameterError(place, f"{place}: {first['msg'].lower()}") from None

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """The lists that the paths are asked with: documents alone, unless imports are wanted."""
        lists = {name: names for name, names in self.chosen.items() if names}
        if not lists:
            lists["drug"] = (ANYTHING,)
        if self.kinds:
            lists["kind"] = self.kinds
        wants_imports = any(kind in IMPORTED_KINDS for kind in self.kinds)
        if self.sources or not wants_imports:
            lists["source"] = self.sources or ("documents",)
        return lists

    @property
    def api_address(self) -> str:
        """The address that gives the same paths as JSON."""
        until = {"as_of": self.until} if self.until else {}
        return f"{_API}?{urlencode({**self.asked, **until}, doseq=True)}"


def edge_name(start: str, end: str) -> str:
    """Return the name of an edge by its ends.

    >>> edge_name("drug:imatinib", "target:kit")
    'drug:imatinib|target:kit'
    """
    return f"{start}{EDGE_MARK}{end}"


def read_view(given: _Given) -> View:
    """Return the view that parameters ask for, blank ones left out; raises ParameterError."""

    def names(parameter: str) -> tuple[str, ...]:
        stripped = (each.strip() for each in given.getlist(parameter))
        return tuple(dict.fromkeys(filter(None, stripped)))

    def one(parameter: str) -> str:
        return next(iter(names(parameter)), "")

    if one("as_of") and one("asOf"):
        raise ParameterError("as_of", "as_of and asOf are the same; give one of them")
    if (show := one("show")) not in ("", _ALL):
        raise ParameterError("show", f"show is {_ALL}, or left out, and not {quoted(show)}")
    return View(
        chosen={name: found for name in THINGS if (found := names(name))},
        kinds=_kinds(names("kind")),
        sources=names("source"),
        until=one("as_of") or one("asOf"),
        edge=one("edge"),
        shows_all=bool(show),
        sort=one("sort"),
    )


def _kinds(given: Iterable[str]) -> tuple[str, ...]:
    known = [kind.value for kind in PathKind]
    words = [part.strip() for each in given for part in each.split(",") if part.strip()]
    for word in words:
        if word not in known:
            message = f"kind is one of {', '.join(known)}, and not {quoted(word)}"
            raise ParameterError("kind", message + suggest(word, known))
    return tuple(dict.fromkeys(words))
