"""The texts of documents, found in a folder by their digest, whatever the files are called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["read_texts"]


def read_texts(directory: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every wanted document that the folder, or one below it, holds.

    ``wanted`` gives the SHA-256 of each document's UTF-8 file, by the IRI of the document. Line
    ends stay as they are. Documents without a file are left out. Raises ``NotADirectoryError``.
    """
    if not directory.is_dir():
        raise NotADirectoryError(f"{directory} is not a folder; give one with document texts")
    documents = {digest.lower(): document for document, digest in wanted.items()}
    found: dict[str, str] = {}
    for content in _contents(directory):
        document = documents.get(hashlib.sha256(content).hexdigest())
        if document is not None:
            found[document] = content.decode()
    return {document: found[document] for document in wanted if document in found}


def _contents(directory: Path) -> Iterator[bytes]:
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.read_bytes()
