"""Downloading from the registry: pages, pacing, failures, and going on where it was cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from trial_records import TERMS, study
from trial_server import Registry, serving

from kg.importing.clinicaltrials import find_version, read
from kg.importing.clinicaltrials.asking import retry_after
from kg.importing.clinicaltrials.download import DownloadError, Patience, Wish, download
from kg.importing.clinicaltrials.query import sarcoma_query

STUDIES = [study(f"NCT{n:08}", conditions=["Sarcoma" if n % 5 else "Asthma"]) for n in range(50)]
NUMBERS = [s["protocolSection"]["identificationModule"]["nctId"] for s in STUDIES]
SARCOMAS = [number for n, number in enumerate(NUMBERS) if n % 5]


@pytest.fixture
def registry() -> Registry:
    return Registry(STUDIES)


@pytest.fixture
def address(registry: Registry) -> Iterator[str]:
    with serving(registry) as found:
        yield found


class Waits:
    """Sleeping without sleep: how long was to be waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def wish(address: str, waits: Waits) -> Wish:
    patience = Patience(pause=0, timeout=2.0, tries=4, sleep=waits)
    return Wish(query='"sarcoma"', base=address, page_size=7, patience=patience)


def ids(folder: Path) -> list[str]:
    return [item.id for item in read([folder], TERMS)]


def test_all_pages_of_a_query_are_fetched_and_read(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    files = download(tmp_path, wish=wish)
    assert [path.name for path in files] == [
        *(f"page-{n:05}.json" for n in range(1, 7)),
        "version.json",
    ]
    assert [item.id for item in read(files, TERMS)] == SARCOMAS
    assert ids(tmp_path) == SARCOMAS
    assert find_version(files) == registry.timestamp


def test_requests_are_what_the_specification_asks(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    download(tmp_path, wish=replace(wish, fields=("ProtocolSection", "DerivedSection")))
    first, *others = registry.pages_asked
    same = {
        "format": "json",
        "query.cond": '"sarcoma"',
        "pageSize": "7",
        "fields": "ProtocolSection,DerivedSection",
    }
    assert first.parameters == {**same, "countTotal": "true"}
    assert all({**each.parameters, "pageToken": ""} == {**same, "pageToken": ""} for each in others)
    assert all("sarcoma-kg" in each.agent for each in registry.asked)


def test_the_query_is_that_of_our_tumours_by_default(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    download(tmp_path, wish=replace(wish, query=""))
    query = registry.pages_asked[0].parameters["query.cond"]
    assert query == sarcoma_query()
    assert {'"sarcoma"', '"desmoid tumor"', '"leiomyosarcoma"'} <= set(query.split(" OR "))
    assert '"synovial sarcoma"' not in query
    assert "carcinoma" not in query
    assert ids(tmp_path) == SARCOMAS


@pytest.mark.parametrize(
    "fault", ["429", "500", "502", "503", "504", "slow", "cut", "half", "html"]
)
@pytest.mark.parametrize("number", [0, 3])
def test_a_failure_is_tried_again(
    fault: str, number: int, registry: Registry, wish: Wish, waits: Waits, tmp_path: Path
) -> None:
    registry.faults = {number: fault}
    said: list[str] = []
    download(tmp_path, said.append, wish)
    assert ids(tmp_path) == SARCOMAS
    assert waits.seconds == [2.0]
    assert any("trying again in 2 s" in text for text in said)


def test_waits_grow_and_retry_after_is_honoured(
    registry: Registry, wish: Wish, waits: Waits, tmp_path: Path
) -> None:
    registry.faults = {1: "503", 2: "429 after 17", 3: "503"}
    download(tmp_path, wish=wish)
    assert waits.seconds == [2.0, 17.0, 8.0]
    assert ids(tmp_path) == SARCOMAS


@pytest.mark.parametrize("said", ["soon", "-3", "²", "99999999999999999999"])
def test_a_retry_after_of_nonsense_does_no_harm(
    said: str, registry: Registry, wish: Wish, waits: Waits, tmp_path: Path
) -> None:
    answer = httpx.Response(429, headers=[(b"Retry-After", said.encode())])
    assert (retry_after(answer) or 0) <= 1e9
    registry.faults = {1: "429 after 99999999999"}
    download(tmp_path, wish=wish)
    assert waits.seconds == [300.0]


def test_a_retry_after_may_be_a_date() -> None:
    answer = httpx.Response(429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert retry_after(answer) == 0.0


def test_after_so_many_tries_it_gives_up_and_goes_on_later(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    registry.faults = dict.fromkeys(range(3, 7), "503")
    with pytest.raises(DownloadError, match="answered 503, 4 times; try again later"):
        download(tmp_path, wish=wish)
    assert len([*tmp_path.glob("page-*.json")]) == 3
    registry.asked.clear()
    registry.faults = {}
    said: list[str] = []
    download(tmp_path, said.append, wish)
    assert len(registry.pages_asked) == 3
    assert "3 pages" in said[0]
    assert ids(tmp_path) == SARCOMAS


def test_a_finished_download_asks_for_the_version_alone(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    files = download(tmp_path, wish=wish)
    registry.asked.clear()
    assert download(tmp_path, wish=wish) == files
    assert [each.path for each in registry.asked] == ["/api/v2/version"]


@pytest.mark.parametrize("change", ["query", "version", "broken page", "missing page"])
def test_pages_that_do_not_fit_are_fetched_anew(
    change: str, registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    download(tmp_path, wish=wish)
    registry.asked.clear()
    expected, asked = SARCOMAS, 6
    if change == "query":
        wish, expected, asked = replace(wish, query='"asthma"'), NUMBERS[::5], 2
    elif change == "version":
        registry.timestamp = "2026-08-04T09:00:05"
    elif change == "broken page":
        page = tmp_path / "page-00003.json"
        page.write_bytes(page.read_bytes()[:-20])
        asked = 4
    else:
        (tmp_path / "page-00002.json").unlink()
        asked = 5
    download(tmp_path, wish=wish)
    assert ids(tmp_path) == expected
    assert len(registry.pages_asked) == asked


def test_a_token_that_comes_twice_is_no_endless_loop(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    registry.faults = {2: "same token"}
    with pytest.raises(DownloadError, match="came before"):
        download(tmp_path, wish=wish)
    assert len(registry.pages_asked) == 3


def test_fewer_studies_than_counted_are_no_download(
    registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    registry.missing = 2
    with pytest.raises(DownloadError, match="counts 42 studies, and its pages have 40"):
        download(tmp_path, wish=wish)
    registry.missing = 0
    download(tmp_path, wish=wish)
    assert ids(tmp_path) == SARCOMAS


@pytest.mark.parametrize("fields", [("1st",), ("a b", "!")])
def test_a_refusal_is_not_tried_again_and_says_what_the_registry_said(
    fields: tuple[str, ...], registry: Registry, wish: Wish, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=r"answered 400 \(fields has"):
        download(tmp_path, wish=replace(wish, fields=fields))
    assert len(registry.pages_asked) == 1


def test_another_address_is_told(address: str, wish: Wish, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="answered 404"):
        download(tmp_path, wish=replace(wish, base=address.replace("v2", "v1")))


def test_nobody_there_is_told(wish: Wish, waits: Waits, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="4 times"):
        download(tmp_path, wish=replace(wish, base="http://127.0.0.1:9/api/v2"))
    assert waits.seconds == [2.0, 4.0, 8.0]


def test_an_answer_without_end_is_cut(wish: Wish, tmp_path: Path) -> None:
    wish = replace(wish, patience=replace(wish.patience, size=500))
    with pytest.raises(DownloadError, match="longer than 500 bytes"):
        download(tmp_path, wish=wish)


def test_requests_are_paced(registry: Registry, wish: Wish, waits: Waits, tmp_path: Path) -> None:
    patience = Patience(pause=5.0, sleep=waits, clock=lambda: sum(waits.seconds))
    download(tmp_path, wish=replace(wish, patience=patience))
    assert len(registry.asked) == 7
    assert waits.seconds == [5.0] * 6


def test_an_empty_answer_is_an_answer(registry: Registry, wish: Wish, tmp_path: Path) -> None:
    download(tmp_path, wish=replace(wish, query='"gout"'))
    assert ids(tmp_path) == []
    assert len(registry.pages_asked) == 1
