"""A store asked as a request says: what a worker, and whoever stands in for one, does with it."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Store

from api.messages import Head, QueryRequest
from kg.evaluation import Answer, evaluate
from kg.graph_reading import GraphAnswer

__all__ = ["answer_request", "head_of"]


def answer_request(store: Store, request: QueryRequest, **given: Any) -> Answer:
    """Return the answer of a store to a request.

    What is ``given`` beside, and the errors, are as of `kg.evaluation.evaluate`.

    >>> answer_request(Store(), QueryRequest("ASK { }", accept="text/csv")).body()
    b'true'
    """
    return evaluate(
        store,
        request.query,
        accept=request.accept,
        default_graph_uris=request.default_graphs,
        named_graph_uris=request.named_graphs,
        union=request.union,
        **given,
    )


def head_of(answer: Answer | GraphAnswer) -> Head:
    """Return what is known of an answer before its first byte."""
    return Head(
        answer.form.value, answer.choice.content_type, answer.media_type, answer.is_volatile
    )
