"""What a snapshot was made by, as files of its release: ontology, shapes, queries, mappings."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from kg.release_file import APACHE, CC_BY, ReleaseFile
from kg.shipped import Shipped

__all__ = ["CopiedInputs", "copy_inputs"]


@dataclass(frozen=True)
class _Kind:
    """Files of the installation that a pattern finds, and what they are."""

    pattern: str
    what: str
    licence: str | None = CC_BY


_KINDS = (
    _Kind("ontology/*.ttl", "The ontology, with comments"),
    _Kind("ontology/context.jsonld", "What each key of a record means"),
    _Kind("ontology/rules/*.rq", "A rule of inference"),
    _Kind("shapes/*.ttl", "SHACL shapes that records must pass", APACHE),
    _Kind("shapes/checks/*.rq", "A check that records must pass", APACHE),
    _Kind("data/mappings/*.sssom.tsv", "A mapping set", None),
    _Kind("data/queries/*.ttl", "A competency question"),
    _Kind("data/queries/*.csv", "The rows that a competency question must give"),
    _Kind("data/examples/*.ttl", "An example query"),
    _Kind("data/imports/*/import.json", "What was imported, whence, and how much of it"),
    _Kind("data/imports/*/LICENSE", "The licence of what was imported", None),
)


_TEMPLATES = "templates"
"""The folder of records that nothing is made of."""


@dataclass(frozen=True)
class CopiedInputs:
    """The files that were copied, and the names of those that are others by now."""

    files: tuple[ReleaseFile, ...]
    left_out: tuple[str, ...]


def copy_inputs(shipped: Shipped, digests: Mapping[str, str], folder: Path) -> CopiedInputs:
    """Copy what a snapshot was made by from an installation; ``digests`` are of its inputs.

    A file that has changed since is left out: it is no part of what the snapshot was made by. So
    are the rows of the questions, which are not among the inputs, where a record has changed.
    """
    copied, left_out = [], []
    has_rows = _has_all_records(shipped, digests)
    for name, path, kind in _found(shipped):
        if not _is_input(name, digests):
            continue
        is_row = name.endswith(".csv")
        if (is_row and not has_rows) or (name in digests and _digest(path) != digests[name]):
            left_out.append(name)
            continue
        target = folder / name.removeprefix("data/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        licences = (kind.licence,) if kind.licence else ()
        copied.append(ReleaseFile(name.removeprefix("data/"), kind.what, licences))
    copied += _legal(shipped, folder) if copied else ()
    return CopiedInputs(tuple(copied), tuple(left_out))


def _found(shipped: Shipped) -> Iterator[tuple[str, Path, _Kind]]:
    for kind in _KINDS:
        for path in sorted(shipped.root.glob(kind.pattern)):
            yield path.relative_to(shipped.root).as_posix(), path, kind


def _is_input(name: str, digests: Mapping[str, str]) -> bool:
    """Tell whether a snapshot was made by a file, or by what the file goes with."""
    if name.startswith("data/imports/"):
        return f"imports/{name.split('/')[2]}/import.json" in digests
    return name in digests or (
        name.endswith(".csv") and f"{name.removesuffix('.csv')}.ttl" in digests
    )


def _has_all_records(shipped: Shipped, digests: Mapping[str, str]) -> bool:
    """Tell whether the records of an installation are those that a snapshot was made of."""
    found = (path for path in shipped.data.rglob("*.yaml") if _TEMPLATES not in path.parts)
    paths = {path.relative_to(shipped.root).as_posix(): path for path in found}
    made_of = {name for name in digests if name.startswith("data/") and name.endswith(".yaml")}
    return made_of == paths.keys() and all(_digest(paths[name]) == digests[name] for name in paths)


def _legal(shipped: Shipped, folder: Path) -> Iterator[ReleaseFile]:
    for name, text, what in (
        ("LICENSE", _read(shipped.data / "LICENSE"), "The licence of the data"),
        ("NOTICE", _notice(shipped), "Sources, and whose they are"),
    ):
        if text:
            (folder / name).write_text(text, encoding="utf-8")
            yield ReleaseFile(name, what)


def _notice(shipped: Shipped) -> str:
    if found := _read(shipped.root / "NOTICE"):
        return found
    try:
        return distribution("sarcoma-kg").read_text("licenses/NOTICE") or ""
    except PackageNotFoundError:
        return ""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
