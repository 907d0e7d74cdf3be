"""Rows of a large snapshot read alone: the same cards and answers as from whole tables."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Store
from serving import engine_of, running, settings_of

import api.library_keeper
import api.list_search
import api.warming
from api.application import create_app
from api.directory import Directory, load_directory
from api.engine import Engine
from api.failures import NotReadYet
from api.in_process import engine_at, finish
from api.list_loading import load_table
from api.list_search import find_records
from api.list_table import Table
from api.table_reading import TableReading
from kg.context import read_context
from kg.merging import NO_MERGES
from kg.shipped import find_shipped
from kg.snapshot import Snapshot

ROOT = "https://w3id.org/sarcoma-kg/"
EVERY = {
    "drugs": 8,
    "targets": 12,
    "families": 2,
    "histologies": 9,
    "regimens": 12,
    "studies": 20,
    "trials": 20,
    "recommendations": 20,
}
"""Every how many records of a kind have their cards compared."""

ANSWERS = (
    "/api/v1/drugs",
    "/api/v1/drugs?limit=7&q=ib",
    "/api/v1/drugs/imatinib",
    "/api/v1/targets/KIT",
    "/api/v1/evidence?limit=30",
    "/api/v1/evidence?drug=imatinib&limit=200&sort=-percent&facets=endpoint,type",
    "/api/v1/evidence?drug=imatinib,doxorubicin&histology=leiomyosarcoma",
    "/api/v1/evidence?drug=imatinib&format=csv",
    "/api/v1/evidence?histology=GIST&direct=true&minEvaluable=10",
    "/api/v1/evidence?drug=nosuchdrug",
    "/api/v1/evidence?drug=imatinib&sort=nosuchfield",
    "/api/v1/claims?drug=sunitinib&fields=label,drug,linked",
    "/api/v1/claims?target=KIT&limit=100",
    "/api/v1/comparisons?drug=doxorubicin",
    "/api/v1/contraindications?drug=doxorubicin",
    "/api/v1/recommendations?intervention=anthracyclines",
    "/api/v1/studies?drug=trabectedin",
    "/api/v1/trials?histology=leiomyosarcoma&has=phase",
)
_ARMS = "study:alberta-2017-geddis/arm"
PAGES = (
    "/drug/imatinib?sort=level&show=all",
    "/drug/doxorubicin?histology=LMS&endpoint=ObjectiveResponseRate",
    f"/compare?arm={_ARMS}/doxorubicin&arm={_ARMS}/gemcitabine-docetaxel",
    "/explore?drug=imatinib",
    "/explore?drug=imatinib&histology=GIST&edge=imatinib%7CGIST",
    "/contradictions",
)


async def _refuse(
    self: TableReading, kind: str, read: Callable[[], Coroutine[None, None, Table]]
) -> Table:
    if kind != "comparisons":  # whose whole list the form above all comparisons needs
        raise NotReadYet
    return await read()


@pytest.fixture(scope="module")
def apart(snapshot: Snapshot) -> Iterator[httpx.Client]:
    """A client of a server that takes the shipped graph for large, and may read no whole table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api.library_keeper, "READ_FIRST", 0)
        patch.setattr(api.warming, "READ_FIRST", 0)
        patch.setattr(TableReading, "get", _refuse)
        with running(create_app(settings_of(snapshot.directory), engine_of(snapshot))) as address:
            client = httpx.Client(base_url=address, timeout=30)
            yield client
            client.close()


@pytest.fixture(scope="module")
def engine(snapshot: Snapshot, served_store: Store) -> Engine:
    """What answers queries of the shipped graph in this process."""
    return engine_at(snapshot, served_store, NO_MERGES)


@pytest.fixture(scope="module")
def directory(engine: Engine) -> Directory:
    """What has a name in the shipped graph."""
    return finish(load_directory(engine, read_context(find_shipped().context).namespaces))


def _both(whole: httpx.Client, apart: httpx.Client, path: str, **headers: str) -> list[bytes]:
    answers = [each.get(path, headers=headers) for each in (whole, apart)]
    assert answers[0].status_code == answers[1].status_code != 503, (path, answers[1].text[:300])
    return [each.content for each in answers]


@pytest.mark.parametrize("kind", EVERY)
def test_cards_are_the_same_from_rows_alone(
    client: httpx.Client, apart: httpx.Client, directory: Directory, kind: str
) -> None:
    members = directory.members(kind)[:: EVERY[kind]]
    assert members
    for each in members:
        path = "/" + quote(each.iri.removeprefix(ROOT))
        whole, rows = _both(client, apart, path, Accept="text/html")
        assert whole == rows, path


@pytest.mark.parametrize("path", ANSWERS)
def test_lists_are_the_same(client: httpx.Client, apart: httpx.Client, path: str) -> None:
    whole, rows = _both(client, apart, path)
    assert whole == rows


@pytest.mark.parametrize("path", PAGES)
def test_other_pages_are_the_same(client: httpx.Client, apart: httpx.Client, path: str) -> None:
    whole, rows = _both(client, apart, path, Accept="text/html")
    assert whole == rows


@pytest.mark.parametrize("query", ["sort=label", "facets=type", "type=ProportionResult", "has=arm"])
def test_what_needs_all_rows_waits_for_the_whole_table(apart: httpx.Client, query: str) -> None:
    assert apart.get(f"/api/v1/evidence?{query}").status_code == 503


def test_records_are_found_by_their_values(
    engine: Engine, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = finish(load_table(engine, directory, "claims"))
    drug, class_iri = f"{ROOT}drug/imatinib", f"{ROOT}ontology/DrugTargetAssertion"

    def find(**wanted: set[str]) -> set[str] | None:
        found = finish(find_records(engine, directory, "claims", wanted))
        return None if found is None else {each.iri for each in found}

    def have(**wanted: str) -> set[str]:
        return {
            row.iri
            for row in table.rows
            if all(value in {c.shown for c in row.of(name)} for name, value in wanted.items())
        }

    of_class = have(drug=drug, type=class_iri)
    assert find(drug={drug}) == have(drug=drug) > of_class == find(drug={drug}, type={class_iri})
    assert find(drug=set()) == set()
    # Nothing leads back from a text, from the parts of a record, or from what is no IRI.
    assert find(section={"GIST"}) is find(doseDrug={drug}) is find(drug={"imatinib"}) is None
    monkeypatch.setattr(api.list_search, "MOST_FOUND", 3)
    assert find(drug={drug}) is None
