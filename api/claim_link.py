"""The permanent link to a claim, and how a mistake in it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from api.entity_address import Addresses

__all__ = ["Reported", "claim_links", "report_address", "report_text"]

_MAIL = "mailto:"
_FIELDS = ("{title}", "{text}", "{iri}", "{snapshot}")


@dataclass(frozen=True)
class Reported:
    """What a report is about: a thing, as a snapshot has it, and where that was read.

    ``places`` are sentences such as "document:a (2007), section B, characters 3-5".
    """

    iri: str
    label: str
    snapshot: str
    places: tuple[str, ...] = ()


def report_text(reported: Reported) -> str:
    """Return the text that a report starts with, to be completed by its sender.

    >>> print(report_text(Reported("https://example.org/claim/a", "A", "5f", ("document:d",))))
    IRI: https://example.org/claim/a
    Label: A
    Snapshot: 5f
    Read from: document:d
    What is wrong:
    <BLANKLINE>
    What the document states instead:
    <BLANKLINE>
    """
    lines = [
        f"IRI: {reported.iri}",
        f"Label: {_one_line(reported.label)}",
        f"Snapshot: {reported.snapshot}",
        *(f"Read from: {_one_line(place)}" for place in reported.places),
        "What is wrong:",
        "",
        "What the document states instead:",
        "",
    ]
    return "\n".join(lines)


def report_address(report_to: str, reported: Reported) -> str:
    """Return where a report goes, filled in beforehand.

    ``{title}``, ``{text}``, ``{iri}`` and ``{snapshot}`` in the address stand for what they say;
    a mail address without them gets a subject and a body.

    >>> about = Reported("https://example.org/claim/a", "A", "5f")
    >>> report_address("https://example.org/new?title={title}", about)
    'https://example.org/new?title=Mistake%20in%20https%3A%2F%2Fexample.org%2Fclaim%2Fa'
    >>> report_address("mailto:a@example.org", about)[:46]
    'mailto:a@example.org?subject=Mistake%20in%20ht'
    """
    values = {
        "{title}": f"Mistake in {reported.iri}",
        "{text}": report_text(reported),
        "{iri}": reported.iri,
        "{snapshot}": reported.snapshot,
    }
    template = report_to
    if template.lower().startswith(_MAIL) and not any(field in template for field in _FIELDS):
        template += ("&" if "?" in template else "?") + "subject={title}&body={text}"
    for field, value in values.items():
        template = template.replace(field, quote(value, safe=""))
    return template


def claim_links(iri: str, root: str) -> dict[str, str]:
    """Return the links that the record of a claim has: for good, to its page, and for reports.

    >>> links = claim_links("https://example.org/claim/a", "https://example.org/")
    >>> links["permanent"], links["report"]
    ('https://example.org/claim/a', '/claim/a#mistake')
    """
    page = Addresses(root).of(iri)
    links = {"permanent": iri}
    return {**links, "page": page, "report": f"{page}#mistake"} if page else links


def _one_line(text: str) -> str:
    return " ".join(text.split())
