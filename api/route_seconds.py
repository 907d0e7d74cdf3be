"""How long requests took, by route: a histogram that takes many alike at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from prometheus_client import Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

__all__ = ["RouteSeconds"]


class RouteSeconds(Collector):
    """Counts requests by their route and the seconds that they took, up to each of ``bounds``."""

    def __init__(self, name: str, meaning: str, bounds: Sequence[float]) -> None:
        self._name = name
        self._meaning = meaning
        self._bounds = tuple(bounds)
        self._shown = [*(str(float(bound)) for bound in self._bounds), "+Inf"]
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, route: str, seconds: float, times: int = 1) -> None:
        """Count as many requests as ``times`` says, which took so many seconds each."""
        counts = self._counts.get(route)
        if counts is None:
            counts = self._counts[route] = [0] * len(self._shown)
            self._sums[route] = 0.0
        counts[bisect_left(self._bounds, seconds)] += times
        self._sums[route] += seconds * times

    def describe(self) -> Iterator[Metric]:
        """Yield what this collects."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """Yield the histogram of each route."""
        family = self._family()
        for route, counts in self._counts.items():
            total, buckets = 0, []
            for shown, count in zip(self._shown, counts, strict=True):
                total += count
                buckets.append((shown, float(total)))
            family.add_metric((route,), buckets, self._sums[route])
        yield family

    def _family(self) -> HistogramMetricFamily:
        return HistogramMetricFamily(self._name, self._meaning, labels=("route",))
