"""The figures for Prometheus: what they count, and that the documentation lists each."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.engine import Engine, EngineFigures
from api.front_cache import FrontFigures
from api.metrics import Metrics
from api.request_record import Outcome, RequestRecord
from api.surroundings import Surroundings
from kg.snapshot import Snapshot

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operation.md"
FIGURES = EngineFigures(
    busy=2, idle=1, queued=7, started=9, replaced={"timeout": 3}, tastes_won=4, tastes_lost=5
)


class StandIn:
    """An engine that only has figures."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.is_ready = True
        self.now = FIGURES

    def figures(self) -> EngineFigures:
        return self.now


@pytest.fixture
def engine(snapshot: Snapshot) -> StandIn:
    return StandIn(snapshot)


@pytest.fixture
def metrics(engine: StandIn) -> Metrics:
    kept = FrontFigures(hits=9, misses=8, sent=70, answers=6, size=500)
    around = Surroundings(lambda: {"slow-head": 6}, lambda: 8, lambda: kept)
    return Metrics(cast(Engine, engine), "1.2", around)


def values(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Give each sample by its name and the values of its labels."""
    body, content_type = metrics.expose("")
    assert content_type.startswith("text/plain")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def record(**given: Any) -> RequestRecord:
    return RequestRecord(**{"method": "GET", "route": "/sparql", "status": 200, **given})


def test_requests_are_counted_by_route_and_status(metrics: Metrics) -> None:
    for status, route in ((200, "/sparql"), (200, "/sparql"), (404, None)):
        metrics.began()
        metrics.ended(record(status=status, route=route, seconds=0.3, sent=10))
    metrics.began()
    found = values(metrics)
    assert found["sarcoma_kg_requests_total", "GET", "/sparql", "200"] == 2
    assert found["sarcoma_kg_requests_total", "GET", "none", "404"] == 1
    assert found["sarcoma_kg_request_seconds_count", "/sparql"] == 2
    assert found["sarcoma_kg_request_seconds_bucket", "0.1", "/sparql"] == 0
    assert found["sarcoma_kg_request_seconds_bucket", "0.5", "/sparql"] == 2
    assert found["sarcoma_kg_sent_bytes_total",] == 30
    assert found["sarcoma_kg_requests_in_flight",] == 1


def test_queries_and_writes_are_counted_by_how_they_ended(metrics: Metrics) -> None:
    metrics.ended(record(query="ASK {}", form="ASK"))
    metrics.ended(record(query="SELECT", status=504, noted=Outcome.TIMEOUT))
    metrics.ended(record(query="CLEAR ALL", form="UPDATE", is_write=True))
    metrics.ended(record(is_write=True, status=422))
    found = values(metrics)
    assert found["sarcoma_kg_queries_total", "ASK", "ok"] == 1
    assert found["sarcoma_kg_queries_total", "unknown", "timeout"] == 1
    assert found["sarcoma_kg_writes_total", "ok"] == 1
    assert found["sarcoma_kg_writes_total", "refused"] == 1


def test_the_engine_is_asked_when_somebody_asks(metrics: Metrics, engine: StandIn) -> None:
    found = values(metrics)
    assert found["sarcoma_kg_workers", "busy"] == 2
    assert found["sarcoma_kg_workers", "idle"] == 1
    assert found["sarcoma_kg_queue_length",] == 7
    assert found["sarcoma_kg_workers_started_total",] == 9
    assert found["sarcoma_kg_workers_replaced_total", "timeout"] == 3
    assert found["sarcoma_kg_tastes_total", "answered"] == 4
    assert found["sarcoma_kg_tastes_total", "unfinished"] == 5
    assert found["sarcoma_kg_snapshot_info", engine.snapshot.id, "1.2"] == 1
    assert found["sarcoma_kg_ready",] == 1
    engine.now = replace(FIGURES, queued=0)
    engine.is_ready = False
    found = values(metrics)
    assert found["sarcoma_kg_queue_length",] == 0
    assert found["sarcoma_kg_ready",] == 0


def test_what_is_counted_elsewhere_is_shown_too(metrics: Metrics) -> None:
    metrics.swapped("served")
    metrics.swapped("served", "write")
    found = values(metrics)
    assert found["sarcoma_kg_connections_cut_total", "slow-head"] == 6
    assert found["sarcoma_kg_log_lines_lost_total",] == 8
    assert found["sarcoma_kg_answer_cache_requests_total", "hit"] == 9
    assert found["sarcoma_kg_answer_cache_requests_total", "miss"] == 8
    assert found["sarcoma_kg_answer_cache_sent_bytes_total",] == 70
    assert found["sarcoma_kg_answer_cache_answers",] == 6
    assert found["sarcoma_kg_answer_cache_bytes",] == 500
    assert found["sarcoma_kg_snapshot_swaps_total", "served", "build"] == 1
    assert found["sarcoma_kg_snapshot_swaps_total", "served", "write"] == 1
    assert found["process_resident_memory_bytes",] > 1e6


def test_each_application_counts_for_itself(metrics: Metrics, engine: StandIn) -> None:
    metrics.ended(record(query="ASK {}", form="ASK"))
    other = Metrics(cast(Engine, engine), "1.2", Surroundings())
    assert ("sarcoma_kg_queries_total", "ASK", "ok") not in values(other)


def test_open_metrics_are_given_where_they_are_accepted(metrics: Metrics) -> None:
    body, content_type = metrics.expose("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


def test_who_asks_often_gets_the_same_figures_for_a_while(engine: StandIn) -> None:
    metrics = Metrics(cast(Engine, engine), "1.2", Surroundings(figures_keep=0.2))
    first, _ = metrics.expose("")
    metrics.began()
    assert metrics.expose("")[0] is first
    other, content_type = metrics.expose("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert other.endswith(b"# EOF\n")
    time.sleep(0.2)
    assert values(metrics)["sarcoma_kg_requests_in_flight",] == 1


def test_no_figure_is_beside_those_that_are_documented(metrics: Metrics) -> None:
    metrics.ended(record(route="/sparql", status=200))
    assert not [name for name, *_ in values(metrics) if name.endswith("_created")]


def test_the_documentation_lists_every_figure(metrics: Metrics) -> None:
    page = PAGE.read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `(sarcoma_kg_\w+)` \| ([^|]*) \|", page, re.MULTILINE))
    families = {
        family.name: family.type
        for family in metrics.registry.collect()
        if family.name.startswith("sarcoma_kg_")
    }
    named = {
        name + "_total" if kind == "counter" else name: kind for name, kind in families.items()
    }
    assert {name: labels.split(",")[0].strip() for name, labels in documented.items()} == named


def test_a_server_shows_its_figures(client: httpx.Client) -> None:
    client.get("/sparql", params={"query": "ASK {}"})
    answered = client.get("/metrics")
    assert answered.status_code == 200
    assert answered.headers["cache-control"] == "no-store"
    assert 'sarcoma_kg_requests_total{method="GET",route="/sparql",status="200"}' in answered.text
    assert 'sarcoma_kg_queries_total{form="ASK",outcome="ok"}' in answered.text
