"""The permanent link to a claim, and the way to report a mistake in it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from linked_names import ROOT, Page
from serving import engine_of, running, settings_of

from api.application import create_app
from api.claim_link import Reported, claim_links, report_address, report_text
from kg.settings import SettingsError, read_settings
from kg.snapshot import Snapshot

CLAIM = "study/jnccn-2007-ref-63/result/stable-disease"
REPORTED = Reported(ROOT + CLAIM, "A & B", "5f", ("document:a (2007), characters 3-5",))


def test_a_report_names_the_claim_the_snapshot_and_the_place() -> None:
    text = report_text(REPORTED)
    for shown in (ROOT + CLAIM, "A & B", "Snapshot: 5f", "characters 3-5"):
        assert shown in text
    assert "\n" not in report_text(Reported("i", "two\nlines", "s")).splitlines()[1]


def test_a_mail_is_filled_in() -> None:
    address = report_address("mailto:curator@example.org", REPORTED)
    given = parse_qs(urlsplit(address).query)
    assert given["subject"] == [f"Mistake in {ROOT}{CLAIM}"]
    assert given["body"][0].strip() == report_text(REPORTED).strip()


def test_a_mail_with_a_subject_keeps_it() -> None:
    address = report_address("mailto:curator@example.org?cc=b@example.org", REPORTED)
    assert parse_qs(urlsplit(address).query)["cc"] == ["b@example.org"]
    assert report_address("mailto:a@example.org?subject={iri}", REPORTED).endswith("disease")


def test_a_page_for_issues_is_filled_in_where_it_says_so() -> None:
    address = report_address("https://example.org/new?title={title}&body={text}", REPORTED)
    assert parse_qs(urlsplit(address).query)["title"] == [f"Mistake in {ROOT}{CLAIM}"]
    assert report_address("https://example.org/new", REPORTED) == "https://example.org/new"


def test_what_a_claim_says_fills_in_nothing() -> None:
    label = Reported("https://example.org/a", "{snapshot} &subject=x", "5f")
    address = report_address("https://example.org/?t={text}", label)
    given = parse_qs(urlsplit(address).query)
    assert "{snapshot} &subject=x" in given["t"][0]
    assert set(given) == {"t"}


def test_the_record_of_a_claim_links_to_itself_for_good(client: httpx.Client) -> None:
    for path in (
        f"evidence/{CLAIM.replace('/', ':', 1)}",
        "claims/claim:alberta-2017-members-industry-research",
    ):
        record = client.get(f"/api/v1/{path}").json()
        links = record["links"]
        assert links["permanent"] == record["iri"]
        answer = client.get(links["report"], headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert "mistake" in Page(answer.text).places
        assert client.get(links["page"]).status_code == 200
    (one,) = client.get("/api/v1/evidence?limit=1").json()["items"]
    assert one["links"]["permanent"].startswith(ROOT)
    assert claim_links("https://elsewhere.example/", ROOT) == {
        "permanent": "https://elsewhere.example/"
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "curator@example.org", "https://a b"])
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="report-to"):
        read_settings(report_to=address)


def test_a_page_says_where_to_report(address: str, snapshot: Snapshot, tmp_path: Path) -> None:
    page = Page(httpx.get(f"{address}/{CLAIM}", headers={"Accept": "text/html"}).text)
    assert "Write to whoever runs this server" in page.text
    assert not any(link.startswith("mailto:") for link in page.links)
    assert f"IRI: {ROOT}{CLAIM}" in page.text
    settings = settings_of(tmp_path, report_to="mailto:curator@example.org")
    with running(create_app(settings, engine_of(snapshot))) as other:
        shown = Page(httpx.get(f"{other}/{CLAIM}", headers={"Accept": "text/html"}).text)
    (mail,) = [link for link in shown.links if link.startswith("mailto:")]
    text = parse_qs(urlsplit(mail).query)["body"][0]
    for part in (ROOT + CLAIM, snapshot.id, "32247-32380", "document", "2007"):
        assert part in text, part
