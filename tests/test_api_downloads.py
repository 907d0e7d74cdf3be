"""Downloads over HTTP: whole and in parts, with length, digest and licence; many at once."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import io
import json
import os
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from raw_http import connected
from starlette.types import Message

from api.download_gate import DownloadGate
from api.download_maker import Maker, MakingFailed
from api.download_sending import FileAnswer, Range, Sent, read_range
from api.failures import Overloaded, TooManyRequests
from kg.export import export, known_prefixes
from kg.formats import GraphFormat
from kg.namespaces import read_namespaces
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.snapshot_shelf import Copy, Made
from kg.sources import graph_iri

PLAIN = {"Accept-Encoding": "identity"}
CC_BY = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
CC0 = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
TERMS = '</downloads>; rel="license"'
"""The graphs are under several licences, which the list of downloads has."""


def exported(snapshot: Snapshot, form: GraphFormat, *graphs: str) -> bytes:
    output = io.BytesIO()
    prefixes = known_prefixes(read_namespaces(find_shipped().context))
    export(snapshot, output, form, graphs=graphs, prefixes=prefixes)
    return output.getvalue()


def digest_of(answer: httpx.Response) -> str:
    value = answer.headers["repr-digest"]
    assert value.startswith("sha-256=:")
    return base64.b64decode(value[len("sha-256=:") : -1]).hex()


def raw(address: str, path: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    """Return the headers and the bytes of an answer, as they came."""
    with httpx.stream("GET", address + path, headers=headers, timeout=60) as answer:
        assert answer.status_code == 200
        return answer.headers, b"".join(answer.iter_raw())


def test_the_data_is_the_snapshot(client: httpx.Client, snapshot: Snapshot) -> None:
    answer = client.get("/downloads/data.nq", headers=PLAIN)
    assert answer.content == snapshot.nquads.read_bytes()
    assert answer.headers["content-type"] == "application/n-quads"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["etag"] == f'"{snapshot.id}"'
    assert answer.headers["sarcoma-kg-snapshot"] == snapshot.id == digest_of(answer)
    assert answer.headers["link"] == TERMS
    name = f'attachment; filename="sarcoma-kg-{snapshot.id[:12]}.nq"'
    assert answer.headers["content-disposition"] == name


@pytest.mark.parametrize("form", GraphFormat)
def test_every_format_is_what_an_export_writes(
    address: str, snapshot: Snapshot, form: GraphFormat
) -> None:
    wanted = exported(snapshot, form)
    for coding, read in (("identity", bytes), ("gzip", gzip.decompress)):
        headers, body = raw(
            address, f"/downloads/data.{form.extension}", **{"Accept-Encoding": coding}
        )
        assert read(body) == wanted
        assert headers["content-length"] == str(len(body))
        assert headers.get("content-encoding", "identity") == coding
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        assert headers["repr-digest"] == f"sha-256=:{digest}:"
        assert headers["etag"].endswith('-gzip"') is (coding == "gzip")


def test_a_graph_is_what_an_export_writes(client: httpx.Client, snapshot: Snapshot) -> None:
    for extension, form in (("ttl", GraphFormat.TURTLE), ("nq", GraphFormat.N_QUADS)):
        answer = client.get(f"/downloads/graphs/ontology.{extension}")
        assert answer.content == exported(snapshot, form, graph_iri("ontology"))
        assert answer.headers["content-disposition"].endswith(f'-ontology.{extension}"')
        assert answer.headers["link"] == CC_BY
    imported = client.get("/downloads/graphs/import-civic.nt")
    assert imported.content == exported(snapshot, GraphFormat.N_TRIPLES, graph_iri("import-civic"))
    assert imported.headers["link"] == CC0


@pytest.mark.parametrize("path", ["data.nq", "data.ttl", "graphs/documents.nt", "shapes.ttl"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_what_the_client_holds_is_not_sent_again(
    client: httpx.Client, path: str, coding: str
) -> None:
    headers = {"Accept-Encoding": coding}
    first = client.get(f"/downloads/{path}", headers=headers)
    again = client.get(
        f"/downloads/{path}", headers={**headers, "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    head = client.head(f"/downloads/{path}", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "repr-digest", "content-type"):
        assert head.headers[name] == first.headers[name]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_range_is_a_part_of_the_file_as_it_is(
    client: httpx.Client, snapshot: Snapshot, coding: str
) -> None:
    content = snapshot.nquads.read_bytes()
    size = len(content)
    for asked, start, end in (
        ("bytes=10-19", 10, 20),
        ("bytes=0-0", 0, 1),
        ("bytes=-7", size - 7, size),
        (f"bytes={size - 3}-", size - 3, size),
        (f"bytes=5-{size * 2}", 5, size),
    ):
        headers = {"Range": asked, "Accept-Encoding": coding}
        answer = client.get("/downloads/data.nq", headers=headers)
        assert answer.status_code == 206
        assert answer.content == content[start:end]
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - start)
        assert "content-encoding" not in answer.headers
        assert digest_of(answer) == snapshot.id


def test_a_download_is_resumed_only_of_the_same_file(client: httpx.Client) -> None:
    whole = client.get("/downloads/data.ttl", headers=PLAIN)
    ask = {**PLAIN, "Range": "bytes=100-"}
    same = client.get("/downloads/data.ttl", headers={**ask, "If-Range": whole.headers["etag"]})
    assert (same.status_code, same.content) == (206, whole.content[100:])
    other = client.get("/downloads/data.ttl", headers={**ask, "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_a_range_outside_is_a_problem(client: httpx.Client, snapshot: Snapshot) -> None:
    answer = client.get("/downloads/data.nq", headers={"Range": "bytes=99999999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-range"] == f"bytes */{snapshot.nquads.stat().st_size}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=a-b", None),
        ("lines=0-1", None),
        ("bytes=0-1,3-4", None),
        ("bytes=0-", Range(0, 10)),
        ("BYTES=3-5", Range(3, 6)),
        ("bytes=-0", Range(10, 10)),
        ("bytes=-99", Range(0, 10)),
        ("bytes=9-9", Range(9, 10)),
        ("bytes=10-11", Range(10, 10)),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_ranges_are_read_as_the_standard_says(header: str | None, expected: Range | None) -> None:
    assert read_range(header, 10) == expected


def test_the_list_leads_to_every_file(client: httpx.Client, snapshot: Snapshot) -> None:
    listed = client.get("/downloads").json()
    assert listed["snapshot"] == snapshot.id
    assert listed["quads"] == snapshot.manifest.quads
    nquads = next(each for each in listed["files"] if each["link"].endswith("data.nq"))
    assert (nquads["sha256"], nquads["bytes"]) == (snapshot.id, snapshot.nquads.stat().st_size)
    links = [each["link"] for each in (*listed["files"], *listed["definitions"])]
    links += [nquads["permanent"], *listed["graphs"][0]["files"]]
    for link in links:
        answer = client.head(link)
        assert answer.status_code == 200, link
        assert answer.headers["content-type"].split(";")[0] == next(
            (
                each["mediaType"]
                for each in (*listed["files"], *listed["definitions"])
                if each["link"] == link
            ),
            answer.headers["content-type"].split(";")[0],
        )
    assert {each["graph"] for each in listed["graphs"]} == set(snapshot.manifest.graphs)
    assert all("licence" in each for each in listed["graphs"])
    assert snapshot.id[:12] in listed["attribution"]
    assert len(listed["tables"]) > 10
    for each in listed["tables"][::10]:
        assert client.get(each).headers["content-type"].startswith("text/csv"), each


def test_a_browser_gets_the_list_as_a_page(client: httpx.Client, snapshot: Snapshot) -> None:
    page = client.get("/downloads", headers={"Accept": "text/html,*/*;q=0.1"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert snapshot.id in page.text
    assert 'href="/downloads/data.ttl"' in page.text
    assert "not medical advice" in page.text
    assert client.get("/downloads", headers={"Accept": "image/png"}).status_code == 406
    tag = page.headers["etag"]
    held = {"Accept": "text/html,*/*;q=0.1", "If-None-Match": tag}
    assert client.get("/downloads", headers=held).status_code == 304


def test_definitions_are_the_files_of_the_installation(client: httpx.Client) -> None:
    shipped = find_shipped()
    ontology = client.get("/downloads/ontology.ttl")
    assert ontology.content == (shipped.ontology / "sarcoma.ttl").read_bytes()
    assert digest_of(client.get("/downloads/ontology.ttl", headers=PLAIN)) == (
        hashlib.sha256(ontology.content).hexdigest()
    )
    assert client.get("/downloads/context.jsonld").json() == json.loads(shipped.context.read_text())
    shapes = client.get("/downloads/shapes.ttl")
    found = len({str(each) for each in parse(shapes.content, format=RdfFormat.TURTLE)})
    apart = sum(
        len(list(parse(path=path, format=RdfFormat.TURTLE)))
        for path in shipped.shapes.glob("*.ttl")
    )
    assert found == apart > 1000
    assert "apache.org" in shapes.headers["link"]
    assert "Creative Commons" in client.get("/downloads/LICENSE.txt").text
    assert "OncoTree" in client.get("/downloads/NOTICE.txt").text


@pytest.mark.parametrize(
    "path",
    [
        "data.csv",
        "nothing.ttl",
        "graphs/nothing.ttl",
        "graphs/documents",
        "..%2Fmanifest.json",
        "current/ontology.zip",
        "graphs/..%2Fdata.nq",
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/downloads/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_snapshot_that_is_not_kept_says_so(client: httpx.Client) -> None:
    for path in ("/downloads/deadbeef/data.nq", "/api/v1/snapshots/deadbeef"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "keeps the last 3" in answer.json()["detail"]
        assert "/" not in answer.json()["detail"].replace("there is no", "")


def test_the_id_is_a_permanent_address(client: httpx.Client, snapshot: Snapshot) -> None:
    for name in (snapshot.id, snapshot.id[:8], "current"):
        answer = client.get(f"/downloads/{name}/graphs/documents.nt", headers=PLAIN)
        assert answer.content == exported(snapshot, GraphFormat.N_TRIPLES, graph_iri("documents"))


# What one client may take of the server


def test_one_client_has_few_downloads_and_all_have_a_bound() -> None:
    gate = DownloadGate(most=3, most_of_one=2)
    with gate.entered("a"), gate.entered("a"):
        with pytest.raises(TooManyRequests), gate.entered("a"):
            pass
        with gate.entered("b"), pytest.raises(Overloaded), gate.entered("c"):
            pass
        with gate.entered("c"):
            pass
    with gate.entered("a"), gate.entered("b"), gate.entered("c"):
        pass


def test_slow_readers_leave_room_for_others(address: str) -> None:
    request = b"GET /downloads/data.nq HTTP/1.1\r\nHost: a\r\n\r\n"
    held = []
    try:
        for _ in range(8):
            context = connected(address, receive_buffer=4096)
            connection = context.__enter__()
            held.append((context, connection))
            connection.sendall(request)
            assert connection.recv(12) == b"HTTP/1.1 200"
        refused = httpx.get(f"{address}/downloads/data.nq", timeout=10)
        assert refused.status_code == 429
        assert refused.headers["retry-after"]
        assert httpx.get(f"{address}/api/v1/drugs/imatinib", timeout=10).status_code == 200
        assert httpx.get(f"{address}/healthz", timeout=10).status_code == 200
    finally:
        for context, _ in held:
            context.__exit__(None, None, None)
    deadline = time.monotonic() + 10
    while httpx.head(f"{address}/downloads/data.nq").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_file_that_becomes_shorter_breaks_off(tmp_path: Path) -> None:
    """The end of a download that is not whole can be told from that of one that is."""
    path = tmp_path / "data.nq"
    path.write_bytes(b"x" * 1_000_000)
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        os.truncate(path, 1000)

    answer = FileAnswer(Sent(Copy(path, "00"), '"t"', {}), DownloadGate().entered("a"))
    with pytest.raises(OSError, match="shorter than it was"):
        asyncio.run(answer({"type": "http", "headers": []}, receive, send))
    assert dict(sent[0]["headers"])[b"content-length"] == b"1000000"
    assert all(each["type"] == "http.response.start" or each["more_body"] for each in sent)


# What makes files


SLOW = "import time; time.sleep(60)"
FAILING = "import sys; sys.exit('the disk is full')"


@pytest.fixture
def copied(snapshot: Snapshot, tmp_path: Path) -> Snapshot:
    folder = tmp_path / "snapshots" / snapshot.id
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(snapshot.manifest.to_json())
    (folder / "data.nq").write_bytes(snapshot.nquads.read_bytes())
    return Snapshot(snapshot.id, folder, snapshot.manifest)


def test_a_file_is_made_once_for_all_who_ask(copied: Snapshot) -> None:
    async def run() -> set[Made]:
        maker = Maker()
        asked = (maker.get(copied, "data.ttl", find_shipped()) for _ in range(5))
        made = set(await asyncio.gather(*asked))
        await maker.close()
        return made

    assert len(asyncio.run(run())) == 1
    (folder,) = copied.directory.glob("downloads-*")
    assert {path.name for path in folder.iterdir()} == {"data.ttl", "data.ttl.gz", "data.ttl.json"}


def test_the_nquads_take_no_room_twice(copied: Snapshot) -> None:
    async def run() -> Path:
        maker = Maker()
        made = await maker.get(copied, "data.nq", find_shipped())
        return made.plain.path

    assert asyncio.run(run()).samefile(copied.nquads)


def test_who_waits_too_long_is_asked_to_come_again(copied: Snapshot) -> None:
    async def run() -> None:
        maker = Maker(("-c", SLOW), patience=0.2, most=2)
        with pytest.raises(Overloaded, match="being made"):
            await maker.get(copied, "data.ttl", find_shipped())
        with pytest.raises(Overloaded, match="being made"):
            await maker.get(copied, "data.nt", find_shipped())
        with pytest.raises(Overloaded, match="too many"):
            await maker.get(copied, "data.rdf", find_shipped())
        await maker.close()

    started = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - started < 10


def test_what_nobody_waits_for_is_given_up(copied: Snapshot) -> None:
    async def run() -> None:
        maker = Maker(("-c", SLOW), most=1)
        asking = asyncio.create_task(maker.get(copied, "data.ttl", find_shipped()))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.sleep(0.3)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await maker.get(copied, "data.nt", find_shipped())
        await maker.close()

    asyncio.run(run())


def test_a_failure_is_told_and_tried_again(
    copied: Snapshot, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        maker = Maker(("-c", FAILING))
        for _ in range(2):
            with pytest.raises(MakingFailed, match=r"data\.ttl could not be made"):
                await maker.get(copied, "data.ttl", find_shipped())

    asyncio.run(run())
    assert caplog.text.count("the disk is full") == 2


def test_a_home_that_cannot_be_written_to_is_no_hindrance(
    copied: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)

    async def run() -> tuple[bool, Path]:
        maker = Maker()
        made = await maker.get(copied, "graphs/documents.ttl", find_shipped())
        found = made.plain.path.is_file(), made.plain.path
        await maker.close()
        return found

    was_there, path = asyncio.run(run())
    assert was_there
    assert not path.exists()
    assert copied.directory not in path.parents


DEFINITIONS = ("ontology.ttl", "histology.ttl", "context.jsonld", "shapes.ttl", "LICENSE.txt")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_has_ranges_too(client: httpx.Client, name: str, coding: str) -> None:
    path, accept = f"/downloads/{name}", {"Accept-Encoding": coding}
    whole = client.get(path, headers=PLAIN)
    assert whole.headers["accept-ranges"] == "bytes"
    size, tag = len(whole.content), whole.headers["etag"]
    part = client.get(path, headers={**accept, "Range": "bytes=10-19", "If-Range": tag})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{size}"
    assert (part.headers["content-length"], part.headers["etag"]) == ("10", tag)
    assert part.headers["repr-digest"] == whole.headers["repr-digest"]
    other = client.get(path, headers={**accept, "Range": "bytes=10-19", "If-Range": '"x"'})
    assert (other.status_code, other.content) == (200, whole.content)
    beyond = client.get(path, headers={**accept, "Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
