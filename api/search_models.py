"""What the answer of a search looks like, for the contract: nothing is made by these models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["SearchAnswer"]


class _Model(BaseModel):
    model_config = ConfigDict(populate_by_name=True)


class Reference(_Model):
    """A thing by its id, which is a CURIE or an IRI."""

    id: str
    label: str | None = None


class SnippetPiece(_Model):
    """Some characters of a text; ``mark`` says that they are a word that was looked for."""

    text: str
    mark: bool


class StatedIn(_Model):
    """Where a statement stands."""

    document: Reference
    issued: str | None = Field(None, description="When the document was issued.")
    section: str | None = None
    passage: str = Field(description="The passage, by its IRI: ranges and digest of the text.")


class SearchMatch(_Model):
    """What of a thing matched, and how."""

    how: Literal["exact", "prefix", "words", "typo", "text"]
    tier: Literal["identifier", "code", "label", "synonym", "slug", "text"]
    field: str = Field(description="The last part of the property, or iri, curie or slug.")
    text: str = Field(description="The name or text that matched.")
    edits: int = Field(0, description="How many slips of the keyboard lie between; 0 but for typo.")
    snippet: list[SnippetPiece] | None = Field(None, description="Of a text, the words around.")
    stated_in: list[StatedIn] | None = Field(None, alias="statedIn")


class SearchLinks(_Model):
    """Addresses on this server."""

    record: str


class SearchItem(Reference):
    """A thing that was found."""

    iri: str
    type: list[str] = Field(description="Its classes.")
    kinds: list[str] = Field(description="Its kinds, as in the paths of this interface; or other.")
    links: SearchLinks | None = None
    match: SearchMatch


class SimilarName(Reference):
    """A thing with a similar name, which is not what was looked for."""

    iri: str
    text: str


class SearchAnswer(_Model):
    """Things that a text finds."""

    snapshot: str
    total: int
    limit: int
    next: str | None = None
    note: str
    sorted_by: list[str] = Field(alias="sortedBy")
    by_kind: dict[str, int] = Field(
        alias="byKind", description="How many of each kind, whatever kinds were asked for."
    )
    items: list[SearchItem]
    near: list[SimilarName] = Field(
        description="Only where nothing was found: other things with similar names."
    )
