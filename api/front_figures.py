"""How the answers ahead of the application fare, as figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from api.front_cache import FrontFigures

__all__ = ["show_front_figures"]


def show_front_figures(figures: FrontFigures) -> Iterator[Metric]:
    """Yield how often answers were kept for who asked, and what is kept."""
    asked = CounterMetricFamily(
        "sarcoma_kg_answer_cache_requests",
        "Requests whose answers may be kept, by whether they were",
        labels=("outcome",),
    )
    asked.add_metric(("hit",), figures.hits)
    asked.add_metric(("miss",), figures.misses)
    yield asked
    yield CounterMetricFamily(
        "sarcoma_kg_answer_cache_sent_bytes", "Bytes of answers that were kept", figures.sent
    )
    yield GaugeMetricFamily(
        "sarcoma_kg_answer_cache_answers", "Answers that are kept", value=figures.answers
    )
    yield GaugeMetricFamily(
        "sarcoma_kg_answer_cache_bytes", "Bytes that kept answers take", value=figures.size
    )
