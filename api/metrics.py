"""Figures of the running server in the text format of Prometheus."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Metric,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from api.engine import Engine
from api.front_figures import show_front_figures
from api.front_tally import FrontTally
from api.kept_bytes import KeptBytes
from api.request_record import Outcome, RequestRecord
from api.route_seconds import RouteSeconds
from api.surroundings import Surroundings

__all__ = ["Metrics"]

_SECONDS = (0.002, 0.005, 0.02, 0.1, 0.5, 1, 2.5, 10, 30, 60, 120)
_ELSEWHERE = "none"

# Series of their own, which tell no more than the start of the process.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The figures of one application, in a registry of its own."""

    def __init__(self, engine: Engine, version: str, surroundings: Surroundings) -> None:
        self.registry = registry = CollectorRegistry()
        self._keep = surroundings.figures_keep
        self._exposed: dict[str, tuple[float, bytes]] = {}
        ProcessCollector(registry=registry)
        registry.register(_EngineCollector(engine, version))
        registry.register(_SurroundingsCollector(surroundings))
        self._requests = Counter(
            "sarcoma_kg_requests",
            "Requests, by the address they match, method and status",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = RouteSeconds(
            "sarcoma_kg_request_seconds",
            "Seconds from the head of a request to the end of its answer",
            _SECONDS,
        )
        registry.register(self._seconds)
        self._tallies: dict[tuple[object, ...], FrontTally] = {}
        self._sent = Counter(
            "sarcoma_kg_sent_bytes", "Bytes of answers, as they were sent", registry=registry
        )
        self._in_flight = 0
        in_flight = Gauge(
            "sarcoma_kg_requests_in_flight", "Requests that are being answered", registry=registry
        )
        in_flight.set_function(lambda: self._in_flight)
        self._queries = Counter(
            "sarcoma_kg_queries",
            "Queries of users, by form and by how they ended",
            ("form", "outcome"),
            registry=registry,
        )
        self._writes = Counter(
            "sarcoma_kg_writes",
            "Updates and graph-store writes, by how they ended",
            ("outcome",),
            registry=registry,
        )
        self._swaps = Counter(
            "sarcoma_kg_snapshot_swaps",
            "Snapshots that were new, by whether they are served, and by where they came from",
            ("outcome", "source"),
            registry=registry,
        )

    def began(self) -> None:
        """Count a request in."""
        self._in_flight += 1

    def ended(self, record: RequestRecord) -> None:
        """Count a request out."""
        self._in_flight -= 1
        if record.outcome is Outcome.OK and not record.is_write:
            self.repeating(record).count(record.seconds, record.sent)
            return
        route = record.route or _ELSEWHERE
        status = _ELSEWHERE if record.status is None else str(record.status)
        self._requests.labels(route, record.method, status).inc()
        self._seconds.observe(route, record.seconds)
        self._sent.inc(record.sent)
        if record.is_write:
            self._writes.labels(record.outcome.value).inc()
        elif record.query is not None:
            self._queries.labels(record.form or "unknown", record.outcome.value).inc()

    def repeating(self, record: RequestRecord) -> FrontTally:
        """Return what counts other requests like one that is no write, and ended well."""
        kind = (record.route, record.method, record.status, record.form, record.query is None)
        if kind not in self._tallies:
            self._tallies[kind] = FrontTally(partial(self._add, record))
        return self._tallies[kind]

    def _add(self, record: RequestRecord, times: int, seconds: float, sent: int) -> None:
        """Count so many requests like one, and the bytes of their answers in all."""
        route = record.route or _ELSEWHERE
        self._requests.labels(route, record.method, str(record.status)).inc(times)
        self._seconds.observe(route, seconds, times)
        self._sent.inc(sent)
        if record.query is not None:
            self._queries.labels(record.form or "unknown", record.outcome.value).inc(times)

    def swapped(self, outcome: str, source: str = "build") -> None:
        """Count a new snapshot, of a build or a write."""
        self._swaps.labels(outcome, source).inc()

    def expose(self, accept: str) -> tuple[bytes, str]:
        """Return all figures and their media type: OpenMetrics where it is accepted.

        To write them takes milliseconds: who asks often gets the last ones again.
        """
        encode, content_type = choose_encoder(accept)
        made, text = self._exposed.get(content_type, (-math.inf, b""))
        if time.monotonic() - made >= self._keep:
            for tally in self._tallies.values():
                tally.add_up()
            text = KeptBytes(encode(self.registry))
            self._exposed[content_type] = (time.monotonic(), text)
        return text, content_type


class _EngineCollector(Collector):
    """What the engine and its snapshot are like at the moment that somebody asks."""

    def __init__(self, engine: Engine, version: str) -> None:
        self._engine = engine
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the engine."""
        figures = self._engine.figures()
        workers = GaugeMetricFamily(
            "sarcoma_kg_workers", "Query workers, by what they do", labels=("state",)
        )
        workers.add_metric(("busy",), figures.busy)
        workers.add_metric(("idle",), figures.idle)
        yield workers
        yield GaugeMetricFamily(
            "sarcoma_kg_queue_length", "Queries that wait for a worker", value=figures.queued
        )
        yield CounterMetricFamily(
            "sarcoma_kg_workers_started", "Worker processes that were started", figures.started
        )
        replaced = CounterMetricFamily(
            "sarcoma_kg_workers_replaced",
            "Worker processes that ended, by the cause",
            labels=("cause",),
        )
        for cause, count in figures.replaced.items():
            replaced.add_metric((cause,), count)
        yield replaced
        tastes = CounterMetricFamily(
            "sarcoma_kg_tastes",
            "Queries that the express worker tried, by whether it had time to answer",
            labels=("outcome",),
        )
        tastes.add_metric(("answered",), figures.tastes_won)
        tastes.add_metric(("unfinished",), figures.tastes_lost)
        yield tastes
        yield from self._served()

    def _served(self) -> Iterator[Metric]:
        snapshot = self._engine.snapshot
        info = GaugeMetricFamily(
            "sarcoma_kg_snapshot_info",
            "Always 1; the labels say what is served, and by which version",
            labels=("snapshot", "version"),
        )
        info.add_metric((snapshot.id, self._version), 1)
        yield info
        yield GaugeMetricFamily(
            "sarcoma_kg_quads", "Quads in the snapshot", value=snapshot.manifest.quads
        )
        yield GaugeMetricFamily(
            "sarcoma_kg_ready", "1 when queries are answered", value=int(self._engine.is_ready)
        )


class _SurroundingsCollector(Collector):
    """What is counted elsewhere."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted."""
        cut = CounterMetricFamily(
            "sarcoma_kg_connections_cut",
            "Connections that the server ended, by the reason",
            labels=("reason",),
        )
        for reason, count in self._surroundings.cut_connections().items():
            cut.add_metric((reason,), count)
        yield cut
        yield CounterMetricFamily(
            "sarcoma_kg_log_lines_lost",
            "Lines of the log for which there was no room",
            self._surroundings.lost_lines(),
        )
        if self._surroundings.kept_answers is not None:
            yield from show_front_figures(self._surroundings.kept_answers())
