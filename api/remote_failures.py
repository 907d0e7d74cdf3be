"""What an endpoint elsewhere may do in place of answering."""

from __future__ import annotations

from api.failures import QueryCrashed

__all__ = ["AnswerTooLong", "EndpointDown", "EndpointFailed", "Unpublished"]


class EndpointFailed(QueryCrashed):
    """The endpoint behind this server failed, or answered what is no answer, or half of one."""

    cause = "endpoint"


class EndpointDown(EndpointFailed):
    """The endpoint behind this server cannot be reached."""

    cause = "unreachable"


class AnswerTooLong(QueryCrashed):
    """The endpoint's answer is longer than this server holds."""

    cause = "memory"


class Unpublished(EndpointFailed):
    """Nothing is to be served at the endpoint."""
