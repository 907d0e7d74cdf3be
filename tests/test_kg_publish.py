"""Publishing without an engine: chunks, patience, credentials, literals, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from command_lines import Cli
from publishing import HURRIED, SMALL, hard_snapshot, numbered_snapshot
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from serving import snapshot_of

import kg.publish_endpoint
from kg.publish_blank import batches, components
from kg.publish_checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from kg.publish_credentials import credentials_of
from kg.publish_endpoint import Addresses, Endpoint, EndpointError, EndpointRefusedError, Patience
from kg.publish_ledger import Entry
from kg.publish_lines import Group, Row, read_groups
from kg.publish_literals import change_of
from kg.publish_loading import Limits, Loader, chunks, insert_text
from kg.publish_plan import make_plan
from kg.publish_switch import find_doomed
from kg.settings import SettingsError

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ANY = (None, None, None)
_ADDRESS = "http://127.0.0.1:1/sparql"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def said() -> list[str]:
    """What was said while an endpoint was tried."""
    return []


@pytest.fixture
def endpoint_of(said: list[str]) -> Callable[..., Endpoint]:
    """Makes endpoints that answer as a function says."""

    def make(answer: Answer, store: str | None = None, patience: Patience = HURRIED) -> Endpoint:
        return Endpoint(
            Addresses(_ADDRESS, _ADDRESS, store),
            patience=patience,
            say=said.append,
            transport=httpx.MockTransport(answer),
        )

    return make


def _loaded(updates: list[str]) -> Store:
    store = Store()
    for text in updates:
        store.update(text)
    return store


def test_what_is_sent_by_updates_is_the_snapshot(
    tmp_path: Path, endpoint_of: Callable[..., Endpoint]
) -> None:
    snapshot, updates = hard_snapshot(tmp_path), []

    def answer(request: httpx.Request) -> httpx.Response:
        if b"query=" in request.content:
            return httpx.Response(200, json={"results": {"bindings": []}})
        updates.append(request.content.decode())
        return httpx.Response(204)

    plan = make_plan(snapshot)
    loader = Loader(endpoint_of(answer), SMALL, has_guessed_store=False)
    for chunk in chunks(plan, read_groups(snapshot.nquads), SMALL):
        loader.send(chunk.rows)
    sent = sum(loader.send_blank(plan, Entry(snapshot.id, "t", "2026-12-01T00:00:00Z", ())))
    # Of each graph, in it and in the union; then those that get IRIs.
    assert sent == 2 * 120 + 2 + 2
    store = _loaded(updates)
    union = NamedNode(plan.publication.union or "")
    graphs = [NamedNode(graph.stands_as) for graph in plan.publication.graphs]
    merged = {each.triple for graph in graphs for each in store.quads_for_pattern(*_ANY, graph)}
    assert {each.triple for each in store.quads_for_pattern(*_ANY, union)} == merged
    held = {plan.places["http://e.org/one"].stands_as, union.value}
    for graph, count in plan.expected.items():
        found = list(store.quads_for_pattern(None, None, None, NamedNode(graph)))
        # Where two forms of a number are one value, a store keeps one of them.
        assert len(found) == count - (graph in held), graph
    texts = {
        quad.object.value
        for quad in store.quads_for_pattern(None, NamedNode("http://e.org/p"), None, None)
        if isinstance(quad.object, Literal)
    }
    assert 'a "quote", a back\\slash, \\u0041, a\nline and a\ttab' in texts
    assert "Grüße 😀 <http://e.org/one>" in texts


def test_a_chunk_ends_where_the_next_run_can_start(tmp_path: Path) -> None:
    snapshot = hard_snapshot(tmp_path)
    plan = make_plan(snapshot)
    limits = Limits(chunk=3)
    whole = list(chunks(plan, read_groups(snapshot.nquads), limits))
    assert len(whole) > 5
    assert whole[-1].end == snapshot.nquads.stat().st_size
    for number, chunk in enumerate(whole):
        rest = chunks(plan, read_groups(snapshot.nquads, chunk.end), limits)
        assert list(rest) == whole[number + 1 :]


def test_a_shared_triple_is_in_one_graph_of_the_merge(tmp_path: Path) -> None:
    plan = make_plan(hard_snapshot(tmp_path))
    rows = [row for group in read_groups(plan.snapshot.nquads) for row in plan.rows(group)]
    one, two = (plan.places[f"http://e.org/{name}"] for name in ("one", "two"))
    assert (one.remainder, two.shares) == (None, ("http://e.org/one",))
    union = plan.publication.union
    shared = [row.graph for row in rows if b"/shared>" in row.triple]
    assert shared == [one.stands_as, two.stands_as, union]
    only = [row.graph for row in rows if b"/only>" in row.triple]
    assert only == [two.stands_as, two.remainder, union]
    merged = plan.publication.merged(["http://e.org/one", "http://e.org/two"])
    assert merged == (one.stands_as, two.remainder)


def test_blank_nodes_that_hang_together_stay_together() -> None:
    groups = [Group(f"_:a{n} <e:p> _:a{n // 3 * 3}".encode(), ("",), 0) for n in range(30)]
    parts = components(groups)
    assert [len(part) for part in parts] == [3] * 10
    assert [len(batch) for batch in batches(parts, 8)] == [6] * 5
    assert [len(batch) for batch in batches(parts, 1)] == [3] * 10


def test_what_is_too_much_goes_in_halves(endpoint_of: Callable[..., Endpoint]) -> None:
    taken: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        count = request.content.count(b"<e:p>")
        if count > 6:
            return httpx.Response(400, text="memory exhausted")
        taken.append(count)
        return httpx.Response(204)

    rows = [Row("e:g", f'<e:s{n}> <e:p> "{n}"'.encode()) for n in range(50)]
    Loader(endpoint_of(answer), Limits(statement=25), has_guessed_store=False).send(rows)
    assert sum(taken) == 50
    assert max(taken) == 6


def test_a_triple_that_is_refused_is_named(endpoint_of: Callable[..., Endpoint]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400 if b"wrong" in request.content else 204, text="no such thing")

    rows = [Row("e:g", f"<e:s> <e:p> <e:{name}>".encode()) for name in ("a", "b", "wrong", "c")]
    loader = Loader(endpoint_of(answer), Limits(), has_guessed_store=False)
    with pytest.raises(EndpointRefusedError, match=r"no such thing; the triple is .*<e:wrong>"):
        loader.send(rows)


def test_an_engine_without_a_graph_store_gets_updates(
    endpoint_of: Callable[..., Endpoint], said: list[str]
) -> None:
    kinds: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        kinds.append(request.headers["content-type"])
        return httpx.Response(404 if request.url.path == "/store" else 204)

    endpoint = endpoint_of(answer, "http://127.0.0.1:1/store")
    loader = Loader(endpoint, Limits(), has_guessed_store=True)
    rows = [Row("e:g", b"<e:s> <e:p> <e:o>")]
    loader.send(rows)
    loader.send(rows)
    assert kinds == ["application/n-triples", *["application/sparql-update"] * 2]
    assert said == ["the engine has no graph store to write to; using INSERT DATA"]
    with pytest.raises(EndpointRefusedError, match="/store refused"):
        Loader(endpoint, Limits(), has_guessed_store=False).send(rows)


def test_what_passes_is_tried_again(endpoint_of: Callable[..., Endpoint], said: list[str]) -> None:
    tries = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise httpx.ConnectError("[Errno 111] Connection refused")
        return httpx.Response(503 if tries == 2 else 204)

    endpoint_of(answer).update("CLEAR ALL")
    assert tries == 3
    assert "cannot be reached (connection refused); trying again" in said[0]
    assert "is busy (status 503)" in said[1]

    def never(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("too slow")

    with pytest.raises(EndpointError, match=r"tried 3 times; start the engine .* goes on where"):
        endpoint_of(never).update("CLEAR ALL")


def test_a_deadlock_is_tried_again_and_another_failure_is_not(
    endpoint_of: Callable[..., Endpoint],
) -> None:
    answers = [httpx.Response(500, text="40001 SR172: Transaction deadlocked"), httpx.Response(200)]
    endpoint_of(lambda _: answers.pop(0)).update("CLEAR ALL")
    assert not answers
    with pytest.raises(EndpointRefusedError, match="status 500"):
        endpoint_of(lambda _: httpx.Response(500, text="disk full")).update("CLEAR ALL")


def test_what_must_not_be_made_twice_is_not(endpoint_of: Callable[..., Endpoint]) -> None:
    tries = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        raise httpx.ReadError("connection reset")

    endpoint_of(answer).update_once(b"INSERT", lambda: True)
    assert tries == 1


@pytest.mark.parametrize(
    ("response", "kind", "sentence"),
    [
        (httpx.Response(401, text="who are you"), SettingsError, "with --token-file"),
        (httpx.Response(404), SettingsError, "is no SPARQL endpoint .* correct --engine"),
        (httpx.Response(200, text="<html>"), EndpointError, "no SPARQL results"),
        (
            httpx.Response(
                200, json={"results": {"bindings": []}}, headers={"X-SQL-State": "S1TAT"}
            ),
            EndpointError,
            "raise MaxQueryExecutionTime",
        ),
    ],
)
def test_a_query_that_is_not_answered_says_why(
    endpoint_of: Callable[..., Endpoint],
    response: httpx.Response,
    kind: type[Exception],
    sentence: str,
) -> None:
    with pytest.raises(kind, match=sentence):
        endpoint_of(lambda _: response).select("SELECT * {}")


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("secret\n", "Bearer secret"),
        ("Bearer secret", "Bearer secret"),
        ("Basic dba:geheim", "Basic ZGJhOmdlaGVpbQ=="),
    ],
)
def test_credentials_go_with_each_request(text: str, header: str) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(204)

    transport = httpx.MockTransport(answer)
    with Endpoint(Addresses(_ADDRESS), credentials_of(text), transport=transport) as endpoint:
        endpoint.update("CLEAR ALL")
    assert seen == [header]
    assert "geheim" not in repr(credentials_of(text))


@pytest.mark.parametrize("text", ["", "Basic nobody", "Negotiate abc", "Bearer ä"])
def test_other_credentials_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="neither a bearer token nor Basic"):
        credentials_of(text)


@pytest.mark.parametrize(
    ("datatype", "sent", "found", "change"),
    [
        ("decimal", "5.40", "5.4", "decimal in another form"),
        ("decimal", "5.40", "5.41", None),
        ("decimal", "0.1234567890123456789", "0.123456789012346", None),
        ("double", "1.0E3", "1000", "double in another form"),
        ("boolean", "true", "1", "boolean in another form"),
        ("boolean", "true", "0", None),
        (
            "dateTime",
            "2020-01-01T00:00:00Z",
            "2020-01-01T01:00:00+01:00",
            "dateTime in another form",
        ),
        ("dateTime", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00", None),
        ("date", "2020-01-01Z", "2020-01-01+00:00", "date in another form"),
        ("string", "5.40", "5.4", None),
        ("integer", "a", "b", None),
    ],
)
def test_a_change_that_keeps_the_value_is_told_from_a_loss(
    datatype: str, sent: str, found: str, change: str | None
) -> None:
    kind = NamedNode(_XSD + datatype)
    assert change_of(Literal(sent, datatype=kind), Literal(found, datatype=kind)) == change


def test_another_datatype_is_a_change() -> None:
    sent = Literal("5", datatype=NamedNode(_XSD + "int"))
    assert change_of(sent, Literal(5)) == "int as integer"
    assert change_of(sent, Literal("5")) == "int as string"
    assert change_of(Literal("a", language="de"), Literal("a")) is None


def test_a_backslash_before_u_stays_one() -> None:
    triple = rb'<e:a> <e:b> "\\u0041 \\\\u0042 \n \\n"'
    (quad,) = _loaded([insert_text([Row("e:g", triple)]).decode()])
    (sent,) = parse(triple + b" .", format=RdfFormat.N_TRIPLES)
    assert quad == Quad(sent.subject, sent.predicate, sent.object, NamedNode("e:g"))


def test_a_checkpoint_that_is_cut_off_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert read_checkpoint(path) is None
    write_checkpoint(path, Checkpoint("t", 5, 3))
    assert read_checkpoint(path) == Checkpoint("t", 5, 3)
    path.write_text(path.read_text()[:-4])
    assert read_checkpoint(path) is None


def test_what_was_never_finished_goes_after_a_day() -> None:
    begun = Entry("a", "t", "2026-12-01T00:00:00Z", ())
    other = replace(begun, snapshot="b", is_loaded=True, retired="2026-12-01T00:00:00Z")

    def doomed(day: int, keep: int) -> list[str]:
        now = datetime(2026, 12, day, 12, tzinfo=UTC)
        found = find_doomed({"a": begun, "b": other}, "c", keep=keep, grace=60.0, now=now)
        return [entry.snapshot for entry in found]

    assert doomed(1, 1) == []
    assert doomed(1, 0) == ["b"]
    assert doomed(3, 1) == ["a"]


def test_a_plan_needs_no_more_than_one_reading(tmp_path: Path) -> None:
    snapshot = numbered_snapshot(tmp_path, 1)
    plan = make_plan(snapshot)
    assert plan.publication.quads == snapshot.manifest.quads == 92
    # Its three graphs hold the same triples, but for the blank node of one of them.
    remainders, union = 0, 32
    assert sum(plan.expected.values()) == plan.triples == 92 + remainders + union
    assert len(plan.publication.graphs) == 3
    alone = make_plan(snapshot, union=False)
    assert (alone.triples, alone.publication.union) == (92, None)


def test_a_single_graph_needs_no_union(tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(NamedNode("e:a"), NamedNode("e:b"), Literal(1), NamedNode("e:g")))
    plan = make_plan(snapshot_of(store, tmp_path))
    assert plan.publication.union is None
    assert plan.publication.merged(["e:g"]) == (plan.places["e:g"].stands_as,)


def test_blank_nodes_in_triple_terms_get_names(tmp_path: Path) -> None:
    store = Store()
    store.update(
        "INSERT DATA { GRAPH <e:g> { <e:a> <e:says> <<( _:b <e:p> 1 )>> . _:b <e:q> 2 } "
        "GRAPH <e:h> { <e:a> <e:b> <e:c> } }"
    )
    plan = make_plan(snapshot_of(store, tmp_path))
    assert not plan.blank
    assert [len(part) for part in plan.named] == [2]


def test_no_message_has_the_password_of_an_address(said: list[str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"].startswith("Basic ")
        return httpx.Response(503 if not said else 401, text="no")

    transport = httpx.MockTransport(answer)
    addresses = Addresses("http://me:geheim@127.0.0.1:9/query")
    endpoint = Endpoint(addresses, patience=HURRIED, say=said.append, transport=transport)
    with pytest.raises(SettingsError, match=r"^http://127\.0\.0\.1:9/query does") as refusal:
        endpoint.select("SELECT * {}")
    assert "geheim" not in " ".join((*said, str(refusal.value)))


class _Slow(httpx.SyncByteStream):
    """An answer of which a byte comes each moment."""

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(500):
            time.sleep(0.01)
            yield b" "


def test_an_engine_that_does_not_answer_at_all_is_told_of(
    endpoint_of: Callable[..., Endpoint], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kg.publish_endpoint, "_LONG", 0.05)
    patience = Patience(tries=3, pause=0.01, first=0.2)
    endpoint = endpoint_of(lambda _: httpx.Response(200, stream=_Slow()), patience=patience)
    started = time.monotonic()
    with pytest.raises(EndpointError, match="took a small query and gave no answer in 0 s"):
        endpoint.select("SELECT * {}")
    assert time.monotonic() - started < 3
    assert len(said) == 1
    assert "has not answered for" in said[0]


def test_the_command_says_what_is_wrong(cli: Cli) -> None:
    cli("build")
    wrong = cli("publish", "--engine", "localhost:7878")
    assert (wrong.code, wrong.out) == (2, "")
    assert "--engine is 'localhost:7878'" in wrong.err
    other = cli("publish", "--engine", _ADDRESS, "--update-url", "localhost")
    assert other.code == 2
    assert "'localhost' is no address of an engine: it is the whole address" in other.err
    port = cli("publish", "--engine", "http://127.0.0.1:99999/query")
    assert port.code == 2
    assert "its port is no number from 1 to 65535" in port.err
    for flags in (
        ["--verify", "--restart"],
        ["--loaded", "--write", "o.nq"],
        ["--verify", "--dry-run"],
    ):
        both = cli("publish", "--engine", _ADDRESS, *flags)
        assert both.code == 2
        assert "mean nothing together; leave one" in both.err
    for grace in ("nan", "inf", "5"):
        assert cli("publish", "--engine", _ADDRESS, "--grace", grace).code == 2
    lacking = cli("publish", "--engine", _ADDRESS, "--token-file", "nowhere")
    assert lacking.code == 2
    assert "the file of the token, nowhere, cannot be read" in lacking.err
    assert cli("publish", "--engine", _ADDRESS, "--snapshot", "00").code == 3
    none = cli("publish")
    assert none.code == 2
    assert "give it with --engine URL" in none.err


def test_a_graph_is_emptied_where_graphs_cannot_be_dropped(
    endpoint_of: Callable[..., Endpoint],
) -> None:
    updates: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        updates.append(request.content.decode())
        return httpx.Response(400 if "DROP" in updates[-1] else 204)

    endpoint_of(answer).empty("e:g")
    assert updates == ["DROP SILENT GRAPH <e:g>", "DELETE WHERE { GRAPH <e:g> { ?s ?p ?o } }"]


def test_the_command_writes_a_file_for_a_loader(cli: Cli, tmp_path: Path) -> None:
    identifier = cli("build").out.strip()
    done = cli("publish", "--write", "all.nq")
    assert (done.code, done.out.strip()) == (0, identifier)
    quads = list(parse(path=tmp_path / "all.nq", format=RdfFormat.N_QUADS))
    assert f"{len(quads):,} quads in all.nq" in done.err
    assert all(f".snapshot-{identifier[:12]}" in quad.graph_name.value for quad in quads)
    assert cli("publish", "--write", "nowhere/all.nq").code == 74
