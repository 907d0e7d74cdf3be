"""A request that is on its way to a worker, before anybody awaits its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from api.crew import Worker
from api.messages import Kind
from api.reply import Reply
from api.ticket import Ticket

__all__ = ["Begun"]


@dataclass(eq=False, slots=True)
class Begun:
    """A request that waits for its turn (``ticket``), or that a ``worker`` is at, or its ``reply``.

    ``began`` and ``turned`` are when it came, and when its turn did. ``hear`` is called once, with
    the reply or where somebody has to await it; ``is_awaited`` tells that somebody does, who
    gives the worker back.
    """

    kind: Kind
    body: bytes
    client: str
    hear: Callable[[], None] | None = None
    ticket: Ticket | None = None
    worker: Worker | None = None
    reply: Reply | None = None
    is_awaited: bool = False
    turned: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def tell(self) -> None:
        """Tell who listens, once."""
        hear, self.hear = self.hear, None
        if hear is not None:
            hear()
