"""Where a command writes its bytes: a file that appears whole, or standard output."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

__all__ = ["READER_GONE", "opened_output"]

READER_GONE = 141
"""The exit code of a command whose reader went away, as a shell has it for SIGPIPE."""


@contextmanager
def opened_output(path: Path | None) -> Iterator[IO[bytes]]:
    """Open a file, or standard output where there is none, to write to.

    The file gets its name when all is written: what stood there before stays until then, and
    stays for good when writing fails.
    """
    if path is None:
        with _standard_output() as output:
            yield output
    elif path.exists() and not path.is_file():
        with path.open("wb") as output:
            yield output
    else:
        with _replaced(path) as output:
            yield output


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    stream = sys.stdout.buffer
    # Under python -u it is unbuffered, and a write may take a part and say so to nobody.
    buffered = io.BufferedWriter(stream) if isinstance(stream, io.RawIOBase) else None
    output: IO[bytes] = buffered or stream
    try:
        yield output
        output.flush()
    except BrokenPipeError:
        # The interpreter flushes standard output again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(READER_GONE) from None
    finally:
        if buffered:
            buffered.detach()


@contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path.parent)) from None
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            yield output
        made.chmod(0o666 & ~_umask())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
