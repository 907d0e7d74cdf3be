"""The texts of documents, found in a folder by their digest, whatever the files are called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

__all__ = ["read_texts"]


def read_texts(directory: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the text of every wanted document that the folder, or one below it, holds.

    ``wanted`` gives the SHA-256 of each document's UTF-8 file, by the IRI of the document. Line
    ends stay as they are. Documents without a file are left out. Raises ``NotADirectoryError``,
    and ``ValueError`` when a wanted file is not UTF-8.
    """
    if not directory.is_dir():
        raise NotADirectoryError(f"{directory} is not a folder; give one with document texts")
    digests = {digest.lower() for digest in wanted.values()}
    found: dict[str, str] = {}
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest in digests:
            found[digest] = _decoded(path, content)
    return {
        document: found[digest.lower()]
        for document, digest in wanted.items()
        if digest.lower() in found
    }


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8: {error}; convert it first") from error
