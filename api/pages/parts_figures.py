"""The figures of a result as documents print them."""

from __future__ import annotations

from dataclasses import dataclass

from api.list_table import Row
from api.pages.parts_things import Things

__all__ = ["Figures", "counted", "read_figures"]

_OPERATORS = {"Approximately": "about ", "LessThan": "< ", "MoreThan": "> ", "GreaterThan": "> "}


@dataclass(frozen=True)
class Figures:
    """What a result states in numbers; what it does not state is None, or empty.

    ``printed`` is the value as printed with its unit, ``statistics`` what is printed beside it:
    intervals, hazard ratios, p values. ``months`` is computed from the value where its ``unit``
    is another one.
    """

    printed: str = ""
    statistics: tuple[str, ...] = ()
    responders: int | None = None
    evaluable: int | None = None
    uncertain_evaluable: str = ""
    percent: float | None = None
    percent_printed: str = ""
    value: float | None = None
    unit: str = ""
    months: float | None = None
    is_median: bool = False
    is_not_reached: bool = False
    low: float | None = None
    high: float | None = None
    level: str = ""

    @property
    def counts(self) -> str:
        """The responders among the evaluable patients, as far as they are stated.

        >>> Figures(responders=5, evaluable=9).counts, Figures(evaluable=104).counts
        ('5/9', '?/104')
        >>> Figures(responders=2).counts, Figures().counts
        ('2/?', '')
        """
        if self.responders is None and self.evaluable is None and not self.uncertain_evaluable:
            return ""
        below = self.uncertain_evaluable and f"{self.uncertain_evaluable}?"
        if self.evaluable is not None:
            below = str(self.evaluable)
        return f"{'?' if self.responders is None else self.responders}/{below or '?'}"

    @property
    def unit_beside(self) -> str:
        """The unit of a value that is printed without one, as its sentence has it.

        >>> Figures(printed="13", unit="month", value=13.0).unit_beside
        'months'
        """
        is_bare = self.value is not None and not any(map(str.isalpha, self.printed))
        is_bare = is_bare and "%" not in self.printed
        return counted("", self.unit) if is_bare and self.unit else ""

    @property
    def rank(self) -> tuple[int, float] | None:
        """What results are sorted by: percentages first, then times in months, then other values.

        >>> Figures(percent=4.0).rank < Figures(value=82.0, unit="day", months=2.7).rank
        True
        """
        if self.percent is not None:
            return 0, self.percent
        if self.responders is not None and self.evaluable:
            return 0, 100 * self.responders / self.evaluable
        if self.months is not None:
            return 1, self.months
        return None if self.value is None else (2, self.value)


def read_figures(things: Things, row: Row) -> Figures:
    """Return the figures of a row of the list of evidence."""
    unit = _label(things, row, "unit")
    return Figures(
        printed=_printed(things, row, unit),
        statistics=_statistics(things, row),
        responders=_count(row, "responders"),
        evaluable=_count(row, "evaluable"),
        uncertain_evaluable=_text(row, "uncertainEvaluable"),
        percent=_number(row, "percent"),
        percent_printed=_text(row, "percent"),
        value=_number(row, "value"),
        unit=unit,
        months=_number(row, "months"),
        is_median=_flag(row, "isMedian"),
        is_not_reached=_flag(row, "notReached"),
        low=_number(row, "ciLow"),
        high=_number(row, "ciHigh"),
        level=_text(row, "ciLevel"),
    )


def _printed(things: Things, row: Row, unit: str) -> str:
    if printed := _text(row, "asPrinted"):
        return printed
    operator = _text(row, "operator").rpartition("/")[2]
    before = _OPERATORS.get(operator, f"{_label(things, row, 'operator')} " if operator else "")
    if percent := _range(row, "percent"):
        return f"{before}{percent}%"
    if value := _range(row, "value"):
        return before + counted(value, unit)
    return "not reached" if _flag(row, "notReached") else ""


def _statistics(things: Things, row: Row) -> tuple[str, ...]:
    level = _text(row, "ciLevel")
    limits = (_text(row, "ciLow"), _text(row, "ciHigh"))
    followed, apart = _text(row, "followUp"), _text(row, "difference")
    p_value = _text(row, "pAsPrinted") or _p_value(row)
    found = (
        f"hazard ratio {_text(row, 'hazardRatio')}" if row.of("hazardRatio") else "",
        f"difference {counted(apart, _label(things, row, 'unit'))}" if apart else "",
        f"{f'{level}% ' if level else ''}CI {limits[0]} to {limits[1]}" if all(limits) else "",
        p_value,
        f"follow-up {counted(followed, _label(things, row, 'followUpUnit'))}" if followed else "",
    )
    return tuple(filter(None, found))


def counted(number: str, unit: str) -> str:
    """Return a number with its unit, in the plural where it is not one.

    >>> counted("2", "year"), counted("1", "year"), counted("4", "")
    ('2 years', '1 year', '4')
    """
    is_word = unit.isalpha() and not unit.endswith("s") and number != "1"
    return f"{number} {unit}{'s' if is_word else ''}".strip()


def _p_value(row: Row) -> str:
    operator = _text(row, "pOperator").rpartition("/")[2]
    value = _text(row, "pValue")
    return f"p {_OPERATORS.get(operator, '= ')}{value}" if value else ""


def _range(row: Row, name: str) -> str:
    low, high = _text(row, f"{name}Low"), _text(row, f"{name}High")
    return _text(row, name) or (f"{low} to {high}" if low and high else low or high)


def _label(things: Things, row: Row, name: str) -> str:
    return ", ".join(things.get(cell.shown).label for cell in row.of(name))


def _text(row: Row, name: str) -> str:
    return ", ".join(dict.fromkeys(cell.shown for cell in row.of(name)))


def _flag(row: Row, name: str) -> bool:
    return any(cell.value is True for cell in row.of(name))


def _number(row: Row, name: str) -> float | None:
    """Return the one number of a field: several, as hostile data may have, are none."""
    found = {cell.value for cell in row.of(name) if isinstance(cell.value, float)}
    return found.pop() if len(found) == 1 else None


def _count(row: Row, name: str) -> int | None:
    found = _number(row, name)
    is_whole = found is not None and abs(found) < 1e12 and found == int(found)
    return int(found) if found is not None and is_whole else None
