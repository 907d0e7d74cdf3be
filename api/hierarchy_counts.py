"""How much of the graph lies at a term of a hierarchy: results, trials, paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from api.answers import Desk
from api.list_choice import choose_rows
from api.list_parameters import filter_of
from api.list_question import read_question
from api.path_choice import choose_paths
from api.path_names import read_question as read_path_question
from api.path_parameters import PathFilter
from api.records import Json

__all__ = ["count_at"]

_LISTS = ("evidence", "trials", "recommendations", "imported-trials", "imported-evidence")
_PATHS = "paths"


async def count_at(desk: Desk, name: str, *, is_aligned: bool) -> Json:
    """Return how long each list is with a name as its histology, and where it is found.

    With nothing aligned, all are empty, and no list is asked for it.
    """
    totals: dict[str, Callable[[], Awaitable[int]]] = {
        **{kind: _of_list(desk, kind, name) for kind in _LISTS},
        _PATHS: _of_paths(desk, name),
    }
    return {
        kind: {
            "total": await count() if is_aligned else 0,
            **({"link": f"/api/v1/{kind}?{urlencode({'histology': name})}"} if is_aligned else {}),
        }
        for kind, count in totals.items()
    }


def _of_list(desk: Desk, kind: str, name: str) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        lists = desk.library.lists
        table = await lists.table(desk.engine, kind)
        wanted = filter_of(kind).model_validate({"histology": [name]})
        question = read_question(lists, table, wanted)
        return len(choose_rows(desk.library.directory, table, question))

    return count


def _of_paths(desk: Desk, name: str) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        index = desk.library.paths
        wanted = PathFilter.model_validate({"histology": [name]})
        question = read_path_question(desk.library.directory, index, wanted)
        return sum(1 for _ in choose_paths(index, question).paths())

    return count
