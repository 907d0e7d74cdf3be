"""No text makes the engine open a connection that nobody allowed."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random

import pytest
from hidden_calls import HIDDEN
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QueryBoolean, Store

from kg.evaluation import evaluate
from kg.query_error import QueryError
from kg.update_evaluation import evaluate_update

THERE = "<THERE>"
"""In a text, the address that nobody may reach."""

QUERIES = (
    *(text.replace("<urn:x>", THERE) for text in HIDDEN),
    f"ASK {{ SERVICE {THERE} {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?s ?p ?o SERVICE SILENT {THERE} {{ ?s ?p ?o }} }}",
    f"ASK {{ BIND({THERE} AS ?x) SERVICE ?x {{ }} }}",
    f"PREFIX e: {THERE} ASK {{ SERVICE e: {{ }} }}",
    f"BASE {THERE} ASK {{ SERVICE <x> {{ }} }}",
    f"ASK {{ VALUES ?x {{ 'a' '''b''' \"c\" }} SERVICE {THERE} {{ }} }}",
    f"ASK {{ FILTER EXISTS {{ SERVICE {THERE} {{ }} }} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE {THERE} {{ }} }} }} UNION {{ }} }}",
    f"PREFIX e: <urn:e> SELECT * {{ ?s e:a.b ?o . ?s e:p.q.r 1 SERVICE {THERE} {{ }} }}",
    f"DESCRIBE ?s {{ ?s ?p 'x'@en SERVICE {THERE} {{ }} }}",
    f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o . _:b.c ?p 1.5 SERVICE {THERE} {{ }} }}",
    f"ASK {{ BIND(1 AS ?a) FILTER(?a<2) SERVICE {THERE} {{ }} # '\n }}",
)
UPDATES = (
    f"LOAD {THERE}",
    f"LOAD SILENT {THERE} INTO GRAPH <urn:g>",
    f"PREFIX e: {THERE} LOAD SILENT e:",
    f"BASE {THERE} INSERT DATA {{ }} ; LOAD SILENT <x>",
    f"INSERT {{ ?s ?p 1 }} WHERE {{ SERVICE {THERE} {{ ?s ?p ?o }} }}",
    f"DELETE WHERE {{ ?s ?p '''a' }} # ''' }} ; LOAD SILENT {THERE}",
    f"INSERT DATA {{ <urn:s> <urn:p> '''a' }} ; LOAD SILENT {THERE} #\\q'''\n",
    f"WITH <urn:g> DELETE {{ ?s ?p ?o }} USING <urn:g> WHERE {{ ?s ?p ?o SERVICE {THERE} {{ }} }}",
    f"CLEAR ALL ; COPY <urn:a> TO <urn:b> ; LOAD SILENT {THERE}",
    f"INSERT {{ }} WHERE {{ ?s ?p ?o FILTER(?s<?o)#>\n }} ; LOAD SILENT {THERE}",
)
FRAGMENTS = (
    *"'\"#<>{}()[].;,?$@:\\|&!^~*/+-=_ \n",
    *("'''", '"""', "\\q", "\\uD800", "\\u0027", "\\U00110000", "\\'", "^^", "<<", ">>", "<<("),
    *("SERVICE", "service ", "SERVIC", "SILENT ", "LOAD ", "LOADSILENT", "SERVICESILENT"),
    *(" SERVICE ", ".SERVICE ", "1SERVICE", "e:SERVICE", ":SERVICE ", "@enSERVICE", "?SERVICE"),
    *(THERE, "<urn:x>", "<x>", "<http://h:80>", "<http://h#>", "<http://h:80\\u002F>", "<a#b>"),
    *("e:", "e:a", "e:a.b", "e:a.b.", "e:\\#", "e:%20", "_:b", "_:b.c", "a.b:", ":", "y:"),
    *("PREFIX e: <http://h:80> ", "PREFIX e: <urn:e> ", "PREFIX y: ", "BASE ", "VERSION '1.2' "),
    *("ASK ", "SELECT * ", "WHERE ", "FILTER(", "FILTER EXISTS ", "BIND(1 AS ?z) ", "VALUES ?v "),
    *("true", "false", "1", "1.", ".5", "1e5", "'x'", "'x'@en", "?a<?b", "?a", "?s ?p ?o . "),
    *("OPTIONAL ", "UNION ", "GRAPH ?g ", "MINUS ", "LATERAL ", "{ }", "{| ", " |}", "# '\n"),
    *("INSERT DATA ", "DELETE ", "CLEAR ALL ; ", " ; ", "INTO GRAPH ", "\r", "\t", "\ufeff"),
    *("\u200c", "\u00b7", "\ufffd", "\U00010000", "\u017f", "\u0130", "\u212a", "\x85", "\x00"),
)


class Neighbour:
    """A listener that counts its visitors, and hangs up."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = f"<http://127.0.0.1:{self._listener.getsockname()[1]}/>"
        self.visits = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            visitor, _ = self._listener.accept()
            self.visits += 1
            visitor.close()

    def saw(self, act: Callable[[], object]) -> bool:
        """Tell whether somebody comes while something is done.

        A connection of our own comes after all others: when it is seen, they were.
        """
        before = self.visits
        with suppress(QueryError, SyntaxError, ValueError, RuntimeError, OSError):
            act()
        host, port = self._listener.getsockname()
        with socket.create_connection((host, port)) as last:
            last.recv(1)
        return self.visits > before + 1


@pytest.fixture(scope="module")
def neighbour() -> Neighbour:
    return Neighbour()


def store_of() -> Store:
    store = Store()
    for name in ("urn:a.b", "http://h:80", "http://h#", "urn:e"):
        store.add(Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode(name)))
    return store


def ask_raw(store: Store, kind: str, text: str) -> None:
    if kind == "query":
        results = store.query(text)
        if not isinstance(results, QueryBoolean):
            next(iter(results), None)
    else:
        store.update(text)


def ask(store: Store, kind: str, text: str) -> None:
    if kind == "query":
        evaluate(store, text).body()
    else:
        evaluate_update(store, text, prefixes={}, services={})


def mutate(random: Random, texts: tuple[str, ...]) -> str:
    """Return one of the texts after some edits, or a piece of one in another."""
    text = random.choice(texts)
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        at = random.randint(0, len(text))
        to = min(len(text), at + random.choice((0, 0, 0, 1, 1, 2, 5, 10)))
        new = random.choice((random.choice(FRAGMENTS), random.choice(FRAGMENTS), ""))
        if random.random() < 0.1:
            other = random.choice(texts)
            start = random.randint(0, len(other))
            new = other[start : start + random.randint(0, 40)]
        text = text[:at] + new + text[to:]
    return text


def check(random: Random, neighbour: Neighbour) -> tuple[bool, bool]:
    """Return whether the engine by itself would call the neighbour, and whether ours does."""
    kind, texts = random.choice((("query", QUERIES), ("query", QUERIES), ("update", UPDATES)))
    text = mutate(random, texts).replace(THERE, neighbour.address)
    called = neighbour.saw(lambda: ask(store_of(), kind, text))
    assert not called, f"{kind}: {text!r}"
    return neighbour.saw(lambda: ask_raw(store_of(), kind, text)), called


@settings(max_examples=300, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_nobody_is_called(neighbour: Neighbour, random: Random) -> None:
    check(random, neighbour)


def test_the_engine_by_itself_would_have_called(neighbour: Neighbour) -> None:
    kinds = [("query", text) for text in QUERIES] + [("update", text) for text in UPDATES]
    called = Counter(
        neighbour.saw(partial(ask_raw, store_of(), kind, text.replace(THERE, neighbour.address)))
        for kind, text in kinds
    )
    assert called[True] > len(kinds) / 2


@pytest.fixture(scope="module")
def friend() -> Neighbour:
    return Neighbour()


@settings(max_examples=100, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_an_allowed_endpoint_lends_its_place_to_nobody(
    neighbour: Neighbour, friend: Neighbour, random: Random
) -> None:
    allowed = "<http://e.org/sparql>"
    text = mutate(random, QUERIES).replace(THERE, random.choice((neighbour.address, allowed)))
    services = {allowed[1:-1]: friend.address[1:-1]}
    assert not neighbour.saw(lambda: evaluate(store_of(), text, services=services).body())


@pytest.mark.soak
def test_nobody_is_called_in_many_thousands(
    neighbour: Neighbour, capsys: pytest.CaptureFixture[str]
) -> None:
    would = sum(check(Random(seed), neighbour)[0] for seed in range(50_000))
    with capsys.disabled():
        print(f"\nof 50,000 texts, the engine by itself would have called with {would}")
    assert would > 1000
