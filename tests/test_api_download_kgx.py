"""Downloads of KGX over HTTP: the files of an export, made together and sent as all others are."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import httpx
import pytest
from imported_graphs import imported_store
from release_folders import read_records, rows_of
from serving import snapshot_of

from api.download_maker import Maker
from api.download_offer import kgx_offers
from api.kgx_claims import read_claims
from kg.build import Assembly
from kg.kgx_check import check_pair
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
from kg.shipped import find_shipped
from kg.snapshot import Snapshot

PLAIN = {"Accept-Encoding": "identity"}
CLAIMS = "/downloads/kgx/claims_nodes.tsv"


def test_the_files_are_those_of_an_export_and_made_at_once(
    assembly: Assembly, tmp_path: Path
) -> None:
    snapshot = snapshot_of(imported_store(assembly.store), tmp_path / "home")
    (tmp_path / "kgx").mkdir()
    export_kgx(snapshot, find_shipped(), tmp_path / "kgx", tuple(KgxForm), read_claims)
    offers = kgx_offers(snapshot.manifest.graphs)
    assert {each.name for each in offers} == {f"kgx/{p.name}" for p in (tmp_path / "kgx").iterdir()}

    async def run() -> None:
        maker = Maker()
        await maker.get(snapshot, offers[-1].name, find_shipped())
        # Nothing is left to make: a program that fails is not run.
        without = Maker(("-c", "raise SystemExit('made again')"))
        for each in offers:
            made = await without.get(snapshot, each.name, find_shipped())
            wanted = (tmp_path / each.name).read_bytes()
            assert made.plain.path.read_bytes() == wanted
            assert gzip.decompress(made.compressed.path.read_bytes()) == wanted
        await maker.close()

    asyncio.run(run())


def test_the_list_leads_to_them(client: httpx.Client, snapshot: Snapshot) -> None:
    listed = client.get("/downloads").json()["kgx"]
    links = [each["link"] for each in listed]
    assert links[0] == CLAIMS
    assert {f"/downloads/kgx/import-civic_edges.{form.ending}" for form in KgxForm} < {*links}
    for each in listed:
        head = client.head(each["link"])
        assert head.status_code == 200, each["link"]
        assert head.headers["content-type"].partition(";")[0] == each["mediaType"]
        assert head.headers["link"] == f'<{each["licence"]}>; rel="license"'
        assert head.headers["sarcoma-kg-snapshot"] == snapshot.id
        assert each["permanent"] == each["link"].replace("kgx", f"{snapshot.id}/kgx")
    civic = next(each for each in listed if "civic_edges.tsv" in each["link"])
    assert (civic["what"], "CIViC" in civic["attribution"]) == ("Edges of the import civic", True)
    page = client.get("/downloads", headers={"Accept": "text/html"}).text
    assert f'href="{CLAIMS}"' in page


def test_what_comes_is_sound(client: httpx.Client, tmp_path: Path) -> None:
    for stem in ("claims", "import-civic"):
        for part in ("nodes", "edges"):
            for ending in ("tsv", "jsonl"):
                name = f"{stem}_{part}.{ending}"
                (tmp_path / name).write_bytes(client.get(f"/downloads/kgx/{name}").content)
            lines = read_records(tmp_path / f"{stem}_{part}.jsonl")
            rows = rows_of(tmp_path / f"{stem}_{part}.tsv")
            assert [row["id"] for row in rows] == [each["id"] for each in lines]
        pair = (tmp_path / f"{stem}_{part}.jsonl" for part in ("nodes", "edges"))
        assert list(check_pair(*pair)) == []
    assert "NCBIGene:3815" in (tmp_path / "claims_nodes.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_they_are_sent_as_other_files_are(
    client: httpx.Client, snapshot: Snapshot, coding: str
) -> None:
    first = client.get(CLAIMS, headers={"Accept-Encoding": coding})
    tag = first.headers["etag"]
    assert first.headers.get("content-encoding", "identity") == coding
    assert tag.endswith('-gzip"') is (coding == "gzip")
    name = f'attachment; filename="sarcoma-kg-{snapshot.id[:12]}-claims_nodes.tsv"'
    assert first.headers["content-disposition"] == name
    held = {"Accept-Encoding": coding, "If-None-Match": tag}
    assert client.get(CLAIMS, headers=held).status_code == 304
    part = client.get(CLAIMS, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"id")
    older = client.get(f"/downloads/{snapshot.id[:8]}/kgx/claims_nodes.tsv")
    assert older.content == first.content


@pytest.mark.parametrize(
    "path", ["kgx/nothing.tsv", "kgx/claims_nodes.csv", "kgx/..%2Fdata.nq", "kgx", "current/kgx/a"]
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/downloads/{path}")
    assert (answer.status_code, json.loads(answer.text)["status"]) == (404, 404)
