"""RDF files of any format as one data set, the same on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import RdfFormat, Store, parse

from kg.blank_names import BlankNamer
from kg.formats import GraphFormat
from kg.normal_lines import LINE_FORMATS, Chunk, read_chunks, read_line_chunks
from kg.problem import Place, Problem, Refused, Unreadable
from kg.quad_lines import sha256_of
from kg.statement_limits import StatementError, explain_memory_error

__all__ = ["chunks_of", "digest_files", "explain", "format_of", "read_rdf_files"]

_FORMATS: Mapping[str, RdfFormat] = {
    **{f".{form.extension}": form.engine for form in GraphFormat},
    ".json": RdfFormat.JSON_LD,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}


_COMPRESSED = frozenset([".gz", ".bz2", ".xz", ".zst", ".zip", ".7z"])
_GZIP = b"\x1f\x8b"
_LINE_OF_PART = re.compile(r" at line \d+(?= between columns)| at line \d+(?=:)")


def digest_files(
    files: Iterable[Path], digest: Callable[[Path], str] = sha256_of
) -> dict[str, str]:
    """Return the SHA-256 of each file by its name, numbered where two have the same one.

    ``digest`` reads a file. Raises Refused for files that are of no known format, or compressed,
    and Unreadable for others that cannot be read.
    """
    read = sorted((path.name, found) for path, found in _digests(tuple(files), digest))
    digests: dict[str, str] = {}
    for name, found in dict.fromkeys(read):
        digests[name if name not in digests else f"{name} ({len(digests)})"] = found
    return digests


def format_of(path: Path) -> RdfFormat:
    """Return the format that the name of a file says; raises KeyError."""
    return _FORMATS[path.suffix.lower()]


def read_rdf_files(files: Iterable[Path]) -> Store:
    """Return what RDF files say, in memory: the same as ``kg.graph_runs`` sorts on disk.

    Triples are in the default graph, quads in the graphs they name. A blank node is called after
    the file's content and its place in it. Relative IRIs start from ``file:///NAME``, where the
    file has no base of its own: its folder is left out, so that another machine reads the same.
    Raises Refused with the problems of all files.
    """
    store, problems = Store(), list[Problem]()
    for path, digest in _digests(tuple(files), sha256_of):
        try:
            for chunk in chunks_of(path, digest):
                store.bulk_extend(parse(b"".join(chunk.lines), format=RdfFormat.N_QUADS))
        except (SyntaxError, StatementError, MemoryError) as error:
            problems.append(explain(path, error))
    if problems:
        raise Refused(problems)
    return store


def chunks_of(
    path: Path, digest: str, start: int = 0, labels: Iterable[str] = ()
) -> Iterator[Chunk]:
    """Yield the lines of a file with this SHA-256, or those after the end of a chunk of it.

    ``labels`` are those of the blank nodes up to there, as that chunk has them. Raises
    SyntaxError, StatementError and MemoryError: ``explain`` tells what they mean.
    """
    named, form = BlankNamer(f"f{digest[:12]}", labels), format_of(path)
    if form in LINE_FORMATS:
        return read_line_chunks(path, form, named, start)
    return read_chunks(path, form, f"file:///{quote(path.name)}", named)


def explain(path: Path, error: SyntaxError | StatementError | MemoryError) -> Problem:
    """Return what is wrong with a file; raises MemoryError where memory ran out."""
    if isinstance(error, SyntaxError):
        place = Place(str(path), error.lineno or 1)
        # The parser counts the lines of the part that it was given.
        message = _LINE_OF_PART.sub("", error.msg)
        return Problem(place, f"not {format_of(path)}: {message}")
    if isinstance(error, StatementError):
        return Problem(Place(str(path), 0), f"{error.message}; {error.hint}")
    if (reason := explain_memory_error(error)) is None:
        raise error
    return Problem(Place(str(path), 0), f"{reason}; take it apart")


def _digests(files: Sequence[Path], digest: Callable[[Path], str]) -> list[tuple[Path, str]]:
    digests, problems, unreadable = [], [], []
    for path in files:
        if fault := _fault_of(path):
            problems.append(Problem(Place(str(path), 0), fault))
            continue
        try:
            digests.append((path, digest(path)))
        except OSError as error:
            reason = error.strerror or str(error)
            unreadable.append(Problem(Place(str(path), 0), f"cannot be read: {reason.lower()}"))
    if problems:
        raise Refused([*problems, *unreadable])
    if unreadable:
        raise Unreadable(unreadable)
    return digests


def _fault_of(path: Path) -> str | None:
    """Return why a file is not tried at all, or None."""
    if path.is_dir():
        return "this is a folder; name the files in it, each with --graph"
    if path.suffix.lower() in _COMPRESSED or _is_gzip(path):
        return "this is compressed; unzip it first"
    if path.suffix.lower() not in _FORMATS:
        known = ", ".join(sorted(_FORMATS))
        return f"the name says no format of RDF; rename the file, it may end in {known}"
    return None


def _is_gzip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_GZIP)) == _GZIP
    except OSError:
        return False
