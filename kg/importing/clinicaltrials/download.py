"""Fetches trials from the public API of ClinicalTrials.gov, page by page, into a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from kg.importing.clinicaltrials.asking import Asking, DownloadError, Patience
from kg.importing.clinicaltrials.pages import VERSION, Page, Request, Shelf, read_page
from kg.importing.clinicaltrials.query import sarcoma_query
from kg.importing.importer import Asked

__all__ = ["BASE", "DownloadError", "Patience", "Wish", "download", "fetch"]

BASE = "https://clinicaltrials.gov/api/v2"
_AGENT = "sarcoma-kg (a knowledge graph of sarcoma; https://w3id.org/sarcoma-kg)"
_PAGE_SIZE = 1000


@dataclass(frozen=True)
class Wish:
    """What to fetch: an expression for ``query.cond``, and fields, all of them where none is given.

    Without an expression it is that of the shipped tumour tree.
    """

    query: str = ""
    fields: tuple[str, ...] = ()
    base: str = BASE
    page_size: int = _PAGE_SIZE
    patience: Patience = field(default_factory=Patience)


def _silent(_: str) -> None:
    """Say nothing."""


def download(
    target: Path, say: Callable[[str], None] = _silent, wish: Wish | None = None
) -> Sequence[Path]:
    """Fetch the pages into a folder and return its files; a download that was cut off goes on.

    Raises DownloadError for answers that stay wrong, and where the pages are not as many studies
    as the registry counts.
    """
    wish = wish or Wish()
    headers = {"User-Agent": _AGENT, "Accept": "application/json"}
    with httpx.Client(
        base_url=wish.base, headers=headers, timeout=wish.patience.timeout, follow_redirects=False
    ) as client:
        asking, shelf = Asking(client, wish.patience, say), Shelf(target)
        target.mkdir(parents=True, exist_ok=True)
        version, text = _fetch_version(asking, shelf)
        query = wish.query or sarcoma_query()
        pages = shelf.open(Request(wish.base, query, wish.fields, version))
        if pages:
            say(f"going on after {len(pages)} pages of an earlier download")
        while not pages or pages[-1].token:
            pages.append(_fetch_page(asking, shelf, pages, _parameters(wish, query)))
            say(_progress(pages))
        _check_total(shelf, pages)
        return [*(page.path for page in pages), shelf.write(VERSION, text)]


def fetch(target: Path, say: Callable[[str], None], asked: Asked) -> Sequence[Path]:
    """Fetch what a user asked for into a folder; raises DownloadError as ``download`` does."""
    return download(target, say, Wish(query=asked.query, base=asked.address or BASE))


def _fetch_version(asking: Asking, shelf: Shelf) -> tuple[str, bytes]:
    text = asking.fetch("/version", {}, shelf.part(), Path.read_bytes)
    try:
        value = json.loads(text)
        return str(value["dataTimestamp"]), text
    except (ValueError, KeyError, TypeError):
        raise DownloadError(
            f"{asking.client.base_url}version: it states no dataTimestamp; "
            "correct the address of the API"
        ) from None


def _parameters(wish: Wish, query: str) -> dict[str, str]:
    asked = {"format": "json", "query.cond": query, "pageSize": str(wish.page_size)}
    return {**asked, "fields": ",".join(wish.fields)} if wish.fields else asked


def _fetch_page(asking: Asking, shelf: Shelf, pages: Sequence[Page], asked: dict[str, str]) -> Page:
    token = pages[-1].token if pages else None
    own = {"pageToken": token} if token else {"countTotal": "true"}
    page = asking.fetch("/studies", {**asked, **own}, shelf.part(), read_page)
    if page.token and page.token in {each.token for each in pages}:
        raise DownloadError(
            f"{asking.client.base_url}studies: page {len(pages) + 1} names a page that came "
            "before as the next one; try again later"
        )
    return replace(page, path=shelf.keep(shelf.place(len(pages))))


def _progress(pages: Sequence[Page]) -> str:
    total = f" of {pages[0].total:,}" if pages[0].total is not None else ""
    return f"{sum(page.studies for page in pages):,}{total} studies fetched"


def _check_total(shelf: Shelf, pages: Sequence[Page]) -> None:
    fetched, total = sum(page.studies for page in pages), pages[0].total
    if total is not None and fetched != total:
        shelf.clear()
        raise DownloadError(
            f"the registry counts {total} studies, and its pages have {fetched}: the data changed "
            "meanwhile; download again"
        )
