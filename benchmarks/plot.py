"""Growth as a picture: a panel a query, a line an engine, both axes logarithmic, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Panel", "draw"]

Line = Sequence[tuple[float, float]]

_STYLES = (
    ("#0072b2", ""),
    ("#0072b2", "5 3"),
    ("#d55e00", ""),
    ("#d55e00", "5 3"),
)
_WIDTH, _HEIGHT, _COLUMNS = 230, 170, 4
_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 24, 10, 26
_LEGEND = 30


@dataclass(frozen=True)
class Panel:
    """A query and its lines: for each engine, triples and microseconds."""

    title: str
    lines: Mapping[str, Line]


@dataclass(frozen=True)
class _Axes:
    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        inner_x, inner_y = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return (
            _LEFT + inner_x * _share(point[0], self.x),
            _HEIGHT - _BOTTOM - inner_y * _share(point[1], self.y),
        )


def _share(value: float, ends: tuple[float, float]) -> float:
    low, high = map(math.log10, ends)
    return (math.log10(value) - low) / (high - low or 1)


def draw(panels: Sequence[Panel], title: str) -> str:
    """Return the panels as one SVG."""
    drawn = [panel for panel in panels if any(panel.lines.values())]
    rows = -(-len(drawn) // _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT + _LEGEND
    names = list(dict.fromkeys(name for panel in drawn for name in panel.lines))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif" font-size="10">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_legend(names),
    ]
    for index, panel in enumerate(drawn):
        x, y = index % _COLUMNS * _WIDTH, index // _COLUMNS * _HEIGHT + _LEGEND
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, names), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(names: Sequence[str]) -> Iterator[str]:
    for index, name in enumerate(names):
        x = _LEFT + index * 190
        colour, dash = _STYLES[index % len(_STYLES)]
        yield f'<path d="M{x} 16h24" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
        yield f'<text x="{x + 30}" y="19">{escape(name)}</text>'


def _panel(panel: Panel, names: Sequence[str]) -> Iterator[str]:
    points = [point for line in panel.lines.values() for point in line]
    axes = _Axes(_ends(x for x, _ in points), _decades(y for _, y in points))
    yield f'<text x="{_LEFT}" y="14" font-weight="bold">{escape(panel.title)}</text>'
    for value in _ticks(axes.y):
        x, y = axes.place((axes.x[0], value))
        yield f'<path d="M{x:.1f} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{x - 4:.1f}" y="{y + 3:.1f}" text-anchor="end">{_time(value)}</text>'
    for value in axes.x:
        x, _ = axes.place((value, axes.y[0]))
        yield f'<text x="{x:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{_count(value)}</text>'
    for name, line in panel.lines.items():
        if line:
            colour, dash = _STYLES[names.index(name) % len(_STYLES)]
            path = "L".join("{:.1f} {:.1f}".format(*axes.place(point)) for point in line)
            yield (
                f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" '
                f'stroke-dasharray="{dash}"/>'
            )


def _ends(values: Iterator[float]) -> tuple[float, float]:
    found = sorted(values)
    return found[0], found[-1]


def _decades(values: Iterator[float]) -> tuple[float, float]:
    low, high = _ends(values)
    return 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high * 1.001))


def _ticks(ends: tuple[float, float]) -> Iterator[float]:
    first, last = (round(math.log10(each)) for each in ends)
    return (10.0**power for power in range(first, last + 1))


def _time(microseconds: float) -> str:
    """Return a round time in its unit.

    >>> _time(100.0), _time(10_000.0), _time(10_000_000.0)
    ('100 µs', '10 ms', '10 s')
    """
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:g} s"
    return f"{microseconds / 1e3:g} ms" if microseconds >= 1e3 else f"{microseconds:g} µs"


def _count(triples: float) -> str:
    """Return a number of triples in thousands or millions.

    >>> _count(30_244), _count(9_999_839)
    ('30k', '10M')
    """
    return f"{triples / 1e6:.0f}M" if triples >= 999_500 else f"{triples / 1e3:.0f}k"
