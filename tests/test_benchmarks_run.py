"""The benchmark itself: its client, its rounds, its comparison of answers, and its report."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from benchmarks.answers import Agreement, compare, read_rows
from benchmarks.client import Client, Unanswered, get_request
from benchmarks.contenders import Plan, start_all
from benchmarks.goals import GOALS, VIOLATIONS, Goal, Peers
from benchmarks.options import read_options
from benchmarks.peers import hello_served
from benchmarks.process_cost import (
    cpu_by_thread,
    is_measurable,
    memory_bytes,
    process_tree,
    spent_since,
)
from benchmarks.questions import QUERIES, ROUTES, Form
from benchmarks.report import BEGIN, END, write_report
from benchmarks.results import Figure, Results
from benchmarks.rounds import Contender, Mode, Task, measure_rounds
from benchmarks.tasks import HELLO, all_tasks

pytestmark = pytest.mark.skipif(not is_measurable(), reason="no /proc/self/schedstat")

INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def quietly(text: str) -> None:
    pass


@pytest.fixture(scope="module")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contender]:
    with (
        hello_served(tmp_path_factory.mktemp("hello") / "log") as peer,
        Client(peer.port, seconds=10) as client,
    ):
        yield Contender("30k", peer, client, 35)


@contextmanager
def answering(*connections: Sequence[bytes]) -> Iterator[int]:
    """Give a port whose server has an answer for each request of a connection, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for answers in connections:
                connection, _ = listener.accept()
                with connection:
                    for answer in answers:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join()


def test_the_client_reads_lengths_chunks_and_304(hello: Contender) -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"
    )
    plain = b'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nETag: W/"a"\r\n\r\nhi'
    unchanged = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    with answering([chunked, plain, unchanged]) as port, Client(port, connections=1) as client:
        found = client.ask([get_request("/")] * 3)
    assert [each.status for each in found] == [200, 200, 304]
    assert [each.body for each in found] == [b"abcde", b"hi", b""]
    assert found[1].tag == 'W/"a"'


def test_a_silent_server_is_not_waited_for_forever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        with Client(port, seconds=0.2) as client, pytest.raises(Unanswered, match=r"within 0\.2 s"):
            client.ask([get_request("/")])


def test_what_a_server_says_to_an_idle_connection_is_no_answer() -> None:
    unasked = b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"
    plain = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
    served = answering([plain + unasked], [plain, plain])
    with served as port, Client(port, connections=1) as client:
        client.ask([get_request("/")])
        client.renew(get_request("/"))
        (answer,) = client.ask([get_request("/")])
    assert answer.status == 200


def test_the_cost_of_a_process_tree_grows_with_its_work() -> None:
    before = cpu_by_thread(os.getpid())
    assert sum(range(1_000_000))
    assert spent_since(before, os.getpid()) > 1_000_000
    assert spent_since({**before, os.getpid(): 1 << 60}, os.getpid()) >= 0
    assert memory_bytes(os.getpid()) > 1 << 20
    assert process_tree(os.getpid())[0] == os.getpid()


def test_what_ended_threads_spent_earlier_is_not_taken_off() -> None:
    going = threading.Event()

    def work() -> None:
        assert sum(range(2_000_000))
        going.wait()

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    before = cpu_by_thread(os.getpid())
    going.set()
    thread.join()
    assert sum(range(1_000_000))
    assert spent_since(before, os.getpid()) > 1_000_000


def test_rounds_measure_a_server(hello: Contender) -> None:
    (task,) = (each for each in all_tasks(2, "30k") if each.question == HELLO)
    found = measure_rounds([task], [hello], rounds=3, seconds=0.01, note=quietly)
    (cell,) = found.cells()
    assert len(found.samples[cell]) == 3
    cpu, wall = found.cpu(cell), found.wall(cell)
    assert cpu is not None
    assert wall is not None
    assert 0 < cpu < 10_000
    assert wall > 0


def test_what_fails_is_told_and_not_asked_again(hello: Contender) -> None:
    asked = []

    def request(contender: Contender, number: int) -> bytes:
        asked.append(number)
        return get_request("/")

    task = Task("changed", Mode.UNCHANGED, request)
    found = measure_rounds([task], [hello], rounds=3, seconds=0.01, note=quietly)
    assert list(found.failures.values()) == ["status 200: hello"]
    assert not list(found.cells())
    assert asked == [0]


def test_no_request_of_fresh_rounds_repeats_an_earlier_one(hello: Contender) -> None:
    asked: list[int] = []

    def request(contender: Contender, number: int) -> bytes:
        asked.append(number)
        return get_request("/")

    task = Task("fresh", Mode.FRESH, request)
    measure_rounds([task], [hello], rounds=3, seconds=0.01, note=quietly)
    assert len(set(asked)) == len(asked) > 6


def test_no_two_queries_of_a_question_have_the_same_text() -> None:
    for query in QUERIES:
        assert len({query.text(number, 35) for number in range(300)}) == 300
    for route in ROUTES:
        assert len({route.target(number, 300) for number in range(300)}) == 300


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ([("x", "1", INTEGER)], [("x", "1", INTEGER)], Agreement.EQUAL),
        ([("x", "1", INTEGER)], [("x", "01", INTEGER)], Agreement.LEXICAL),
        ([("x", "1", INTEGER)], [("x", "2", INTEGER)], Agreement.DIFFERENT),
        ([("x", "1", INTEGER)] * 2, [("x", "1", INTEGER)], Agreement.DIFFERENT),
        ([("x", "a", "")], [("y", "a", "")], Agreement.DIFFERENT),
    ],
)
def test_answers_are_compared_as_multisets(
    one: list[tuple[str, str, str]], other: list[tuple[str, str, str]], wanted: Agreement
) -> None:
    assert compare(*(read_rows(results(rows), Form.ROWS) for rows in (one, other))) is wanted


def results(rows: list[tuple[str, str, str]]) -> bytes:
    bindings = [
        {name: {"type": "literal", "value": value, **({"datatype": kind} if kind else {})}}
        for name, value, kind in rows
    ]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()


def test_triples_are_compared_without_the_names_of_blank_nodes() -> None:
    one, other = (
        read_rows(text.encode(), Form.TRIPLES)
        for text in ("<urn:a> <urn:b> _:c .\n", "<urn:a> <urn:b> _:d .\n")
    )
    assert one == other == Counter([("<urn:a>", "<urn:b>", "_:")])


def test_a_peer_that_is_missing_is_told_and_left_out(tmp_path: Path) -> None:
    graph = tmp_path / "graph.nq"
    graph.write_text("")
    plan = Plan({"30k": graph}, {"30k": 35}, "30k", ("rdflib",), tmp_path, rdflib="/nowhere")
    with ExitStack() as stack:
        started = start_all(plan, stack, quietly)
    assert started.contenders == []
    assert list(started.missing) == ["rdflib at 30k"]


def test_unknown_peers_and_sizes_are_refused() -> None:
    for given in (["--peers", "jena"], ["--sizes", "big"]):
        with pytest.raises(SystemExit, match="benchmarks: "):
            read_options(given)


def example() -> Results:
    figures = [
        Figure(size, peer, query.name, mode, cpu, cpu, 5)
        for size, cpu in (("30k", 100.0), ("1m", 110.0))
        for peer in (Peers.MEMORY, Peers.DISK, Peers.OXIGRAPH_DISK, Peers.OXIGRAPH_MEMORY)
        for query in QUERIES
        for mode in ("fresh", "cached")
    ]
    return Results(
        machine={"Python": "3"},
        options={
            "sizes": ["30k", "1m"],
            "compared at": "1m",
            "rounds": 5,
            "seconds a batch": 0.1,
            "seed": 1,
            "quick": True,
        },
        quads={"30k": 30_000, "1m": 1_000_000},
        figures=figures,
        answers={"ASK": {"rows": "1", Peers.DISK: "equal"}},
        memory={"after the start": {"one": 12.0}},
        missing={"virtuoso": "no virtuoso-t"},
        inside={"worker hop": {"hop": 79.0}, "cold start": {"failed": "why"}},
    )


def test_goals_are_judged_by_the_figures_of_the_run() -> None:
    measured = {goal.text: goal.measure(example()) for goal in GOALS}
    assert measured["fresh path query against `oxigraph serve` in memory"] == 1
    assert measured["way to a worker and back"] == 79
    assert measured["cold `serve` of the shipped data to the first answer"] is None
    (hop,) = (each for each in GOALS if each.unit == "µs")
    assert hop.is_reached(79)
    assert not hop.is_reached(81)


def goal(text: str) -> Goal:
    (found,) = (each for each in GOALS if each.text == text)
    return found


FRESH = "fresh path query against `oxigraph serve` in memory"
GROWTH = "growth of indexed queries over that of `oxigraph serve`"


def test_a_goal_counts_only_where_answers_are_the_same_and_no_round_failed() -> None:
    results = example()
    results.answers["path subClassOf*"] = {Peers.MEMORY: "different: 3 rows missing, 0 more"}
    assert goal(FRESH).measure(results) is None
    results = example()
    cell = {"size": "1m", "peer": Peers.MEMORY, "question": "path subClassOf*", "mode": "fresh"}
    results.failures.append({**cell, "why": "status 500"})
    assert goal(FRESH).measure(results) is None
    assert goal(GROWTH).measure(results) == 1


def test_a_goal_about_several_queries_needs_all_of_them() -> None:
    results = example()
    assert goal(GROWTH).measure(results) == 1
    results.figures = [
        each for each in results.figures if (each.question, each.peer) != ("lookup", Peers.DISK)
    ]
    assert goal(GROWTH).measure(results) is None
    inside = "growth of indexed queries, in process"
    names = [query.name for query in QUERIES if query.is_indexed]
    results.inside["growth in memory"] = {name: {"30k": 2.0, "1m": 3.0} for name in names}
    assert goal(inside).measure(results) == 1.5
    del results.inside["growth in memory"]["lookup"]
    assert goal(inside).measure(results) is None


def test_a_validation_counts_that_finds_what_was_seeded() -> None:
    results = example()
    timed = {"same_violations": True, "pyshacl_seconds": 9.0, "ours_seconds": 1.0}
    shacl = goal("SHACL against pySHACL, same violations")
    results.inside["validation"] = {**timed, "violations": VIOLATIONS}
    assert shacl.measure(results) == 9
    results.inside["validation"] = {**timed, "violations": 0}
    assert shacl.measure(results) is None


def test_a_report_keeps_what_stands_around_it(tmp_path: Path) -> None:
    out = tmp_path / "performance.md"
    out.write_text(f"# Performance\n\n{BEGIN}\nold\n{END}\n\nNotes.\n")
    text = write_report(example(), out)
    written = out.read_text()
    assert written.startswith("# Performance\n")
    assert written.endswith("\nNotes.\n")
    assert "old\n" not in written
    assert text in written
    for needed in ("### Goals", "| 1.00x | yes |", "not measured", "no virtuoso-t", "quick run"):
        assert needed in text
    assert Results.read(tmp_path / "performance-results.json") == example()
    plot = (tmp_path / "performance-growth.svg").read_text()
    assert plot.count("<g ") == len(QUERIES)
