"""One result on the first page, chosen by rule: what a result of this graph holds."""

from __future__ import annotations

from api.list_table import Row
from api.pages.desk import PageDesk
from api.pages.parts_evidence import Evidence, read_evidence

__all__ = ["choose_row", "example_result"]

_NEEDED = {
    "endpoint": "ObjectiveResponseRate",
    "treatmentMode": "Monotherapy",
    "direction": "Supports",
}
_STATED = ("percent", "responders", "evaluable", "drug", "histology", "line", "study")


async def example_result(desk: PageDesk) -> Evidence | None:
    """Return the result that is shown, or None where no result has all that one may have."""
    table = await desk.library.lists.table(desk.engine, "evidence")
    row = choose_row(table.rows)
    return (await read_evidence(desk, [row]))[0] if row else None


def choose_row(rows: tuple[Row, ...]) -> Row | None:
    """Return the largest group that responded to one drug, of those without a known problem.

    >>> choose_row(()) is None
    True
    """
    found = [row for row in rows if _is_whole(row)]
    return max(found, key=lambda row: (_evaluable(row), row.iri), default=None)


def _is_whole(row: Row) -> bool:
    has_all = all(row.of(name) for name in _STATED)
    is_kind = all(
        any(cell.shown.endswith(f"/{value}") for cell in row.of(name))
        for name, value in _NEEDED.items()
    )
    return has_all and is_kind and not row.of("needsReview")


def _evaluable(row: Row) -> float:
    return max(float(cell.shown) for cell in row.of("evaluable"))
