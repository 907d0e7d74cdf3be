"""What is said of an error that ends a command, and the exit code of its kind."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from types import MappingProxyType

from kg.cli.cite import DocumentMissing
from kg.cli.display import print_error, print_problems
from kg.cli.exit_code import ExitCode
from kg.cli.os_errors import sentence_of
from kg.export import GraphMissing
from kg.importing.importers import UnknownImporterError
from kg.importing.keeping import ImportMissing
from kg.kgx import KgxUnavailableError
from kg.problem import Refused, Unreadable
from kg.query_error import QueryError
from kg.release_side import NotNquadsError
from kg.settings import SettingsError
from kg.snapshot import SnapshotMissing
from kg.sources import OverlayError

__all__ = ["report"]

_CODES: Mapping[type[Exception], ExitCode] = MappingProxyType(
    {
        Unreadable: ExitCode.INPUT_OUTPUT,
        Refused: ExitCode.REFUSED,
        SettingsError: ExitCode.USAGE,
        OverlayError: ExitCode.USAGE,
        UnknownImporterError: ExitCode.USAGE,
        QueryError: ExitCode.USAGE,
        KgxUnavailableError: ExitCode.USAGE,
        NotNquadsError: ExitCode.USAGE,
        SnapshotMissing: ExitCode.NOT_FOUND,
        GraphMissing: ExitCode.NOT_FOUND,
        ImportMissing: ExitCode.NOT_FOUND,
        DocumentMissing: ExitCode.NOT_FOUND,
        OSError: ExitCode.INPUT_OUTPUT,
    }
)


def report(error: Exception) -> ExitCode:
    """Print an error as its kind asks, and return the exit code of its kind."""
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
    if isinstance(error, Refused):
        print_problems(error.problems)
    elif isinstance(error, OSError):
        print_error(sentence_of(error))
    elif code is not None:
        print_error(str(error))
    else:
        traceback.print_exception(error)
        print_error("this is a fault of sarcoma-kg; please report it with the lines above")
    return ExitCode.INTERNAL if code is None else code
