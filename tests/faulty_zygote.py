"""A zygote for tests, whose workers do what a comment at the head of a query says.

Its arguments are the means of the system that it has to do without.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from pyoxigraph import Store

import api.answered_request
import api.zygote
from api.zygote import main
from kg.evaluation import Answer, evaluate

NESTED = 40_000
MARK = "#! "


def _die(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(60)


def _nest(store: Store) -> None:
    store.query("ASK {" + "FILTER EXISTS {" * NESTED + "}" * NESTED + "}")


def _call(store: Store, address: str) -> None:
    store.query(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")


ACTIONS: dict[str, Callable[[Store, str], None]] = {
    "signal": lambda _, name: _die(signal.Signals[name]),
    "nest": lambda store, _: _nest(store),
    "call": _call,
    "exit": lambda _, code: os._exit(int(code)),
    "fail": lambda _, words: (_ for _ in ()).throw(AttributeError(words)),
}


def faulty_evaluate(store: Store, query: str, **given: Any) -> Answer:
    if query.startswith(MARK):
        action, _, argument = query.removeprefix(MARK).partition("\n")[0].partition(" ")
        ACTIONS[action](store, argument)
    return evaluate(store, query, **given)


if __name__ == "__main__":
    without = sys.argv[1:-2]
    if "namespace" in without:
        api.zygote.leave_network = lambda: False  # type: ignore[attr-defined]
    if "filter" in without:
        api.zygote.forbid_sockets = lambda: False  # type: ignore[attr-defined]
    api.answered_request.evaluate = faulty_evaluate  # type: ignore[attr-defined]
    main()
