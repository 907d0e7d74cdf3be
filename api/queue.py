"""Who waits for a worker, and whose turn it is: clients take turns, whatever each of them asks."""

from __future__ import annotations

import math
from collections.abc import Iterable

from api.failures import Overloaded, TooManyRequests
from api.ticket import Ticket

__all__ = ["Queue", "Turns"]

_LONGEST_ESTIMATE = 60


class Turns:
    """Tickets by client, of which each has its turn before any has its next.

    >>> turns = Turns()
    >>> turns.clients
    ()
    """

    def __init__(self) -> None:
        self._by_client: dict[str, dict[Ticket, None]] = {}

    @property
    def clients(self) -> tuple[str, ...]:
        """The clients that wait, the next one first."""
        return tuple(self._by_client)

    def count(self, client: str) -> int:
        """Return how many tickets a client has."""
        return len(self._by_client.get(client, ()))

    def add(self, ticket: Ticket) -> None:
        """Add a ticket, after those of its client."""
        self._by_client.setdefault(ticket.client, {})[ticket] = None

    def discard(self, ticket: Ticket) -> None:
        """Remove a ticket, if it is there."""
        tickets = self._by_client.get(ticket.client, {})
        tickets.pop(ticket, None)
        if not tickets:
            self._by_client.pop(ticket.client, None)

    def take_oldest(self) -> Ticket | None:
        """Remove and return the oldest ticket that is not just tasted, of the next client."""
        return self._take((client, iter(self._by_client[client])) for client in self.clients)

    def take_newest(self) -> Ticket | None:
        """Remove and return the newest ticket of the next client."""
        return self._take((client, reversed(self._by_client[client])) for client in self.clients)

    def _take(self, offered: Iterable[tuple[str, Iterable[Ticket]]]) -> Ticket | None:
        for client, tickets in offered:
            ticket = next((each for each in tickets if not each.is_tasting), None)
            if ticket:
                rest = self._by_client.pop(client)
                del rest[ticket]
                if rest:
                    self._by_client[client] = rest
                return ticket
        return None


class Queue:
    """All who wait: so many in a queue with places, of which a client gets its share.

    Who finds no place is tasted in the express lane all the same, and refused only then.
    ``seconds_each`` is how long it takes, of late, until the next has its turn, and ``taken``
    counts those that had theirs at a worker.
    """

    def __init__(self, limit: int, share: int) -> None:
        self._limit = limit
        self._share = share
        self._placed = Turns()
        self._untasted = Turns()
        self._homeless: dict[Ticket, None] = {}
        self._count = 0
        self.taken = 0
        self.seconds_each = 0.0

    def __len__(self) -> int:
        return self._count + len(self._homeless)

    def count(self, client: str) -> int:
        """Return how many places a client has."""
        return self._placed.count(client)

    def enter(self, ticket: Ticket) -> None:
        """Let a ticket wait; too many without a place cost the oldest of them its chance."""
        self._untasted.add(ticket)
        if not self._find_place(ticket):
            self._homeless[ticket] = None
            if len(self._homeless) > self._limit:
                self.refuse(next(iter(self._homeless)))

    def leave(self, ticket: Ticket) -> None:
        """Remove a ticket, wherever it waits."""
        self._untasted.discard(ticket)
        self._homeless.pop(ticket, None)
        if ticket.has_place:
            self._placed.discard(ticket)
            self._count -= 1
            ticket.has_place = False

    def take_for_worker(self) -> Ticket | None:
        """Remove and return the ticket whose turn it is at a worker."""
        if not self._count:
            return None
        ticket = self._placed.take_oldest()
        if ticket:
            self.taken += 1
            self.leave(ticket)
        return ticket

    def has_untasted(self) -> bool:
        """Tell whether a ticket waits for its taste."""
        return bool(self._untasted.clients)

    def take_for_taste(self) -> Ticket | None:
        """Return the ticket whose turn it is in the express lane; it keeps its place."""
        ticket = self._untasted.take_newest()
        if ticket:
            ticket.is_tasting = True
        return ticket

    def go_on(self, ticket: Ticket) -> None:
        """Let a ticket wait for a worker after its taste, or refuse it where there is no place."""
        ticket.is_tasting = False
        ticket.is_tasted = True
        if ticket.is_settled or ticket.has_place:
            return
        self._homeless.pop(ticket, None)
        if not self._find_place(ticket):
            self.refuse(ticket)

    def refuse(self, ticket: Ticket) -> None:
        """Tell a ticket that there is no place for it."""
        own = self._placed.count(ticket.client)
        refusal: Overloaded
        if own >= self._share:
            refusal = TooManyRequests(self._estimate(own))
        else:
            refusal = Overloaded(self._estimate(self._count))
        self.leave(ticket)
        if not ticket.is_settled:
            ticket.refuse(refusal)

    def _estimate(self, waiting: int) -> int:
        """Return the seconds until so many that wait will have been answered."""
        return min(max(math.ceil(waiting * self.seconds_each), 1), _LONGEST_ESTIMATE)

    def _find_place(self, ticket: Ticket) -> bool:
        if self._count >= self._limit or self._placed.count(ticket.client) >= self._share:
            return False
        self._placed.add(ticket)
        self._count += 1
        ticket.has_place = True
        return True
