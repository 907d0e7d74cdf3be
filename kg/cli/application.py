"""The commands in one application, and what its exit codes mean."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType

import typer

from kg.cli import (
    build,
    check,
    cite,
    coverage,
    diff,
    export,
    import_command,
    journal,
    new,
    publish,
    query,
    readings,
    release,
    version,
)
from kg.cli.display import print_error, print_problems
from kg.cli.os_errors import sentence_of
from kg.export import GraphMissing
from kg.importing.importers import UnknownImporterError
from kg.importing.keeping import ImportMissing
from kg.kgx import KgxUnavailableError
from kg.problem import Refused
from kg.query_error import QueryError
from kg.release_side import NotNquadsError
from kg.settings import SettingsError
from kg.snapshot import SnapshotMissing
from kg.sources import OverlayError

__all__ = ["ExitCode", "app", "run"]


class ExitCode(IntEnum):
    """What a script can tell from how a command ends."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_FOUND = 3
    INTERNAL = 70
    INPUT_OUTPUT = 74


_CODES: Mapping[type[Exception], ExitCode] = MappingProxyType(
    {
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
        cite.DocumentMissing: ExitCode.NOT_FOUND,
        OSError: ExitCode.INPUT_OUTPUT,
    }
)

_EPILOG = """\
Settings come from flags or from SARCOMA_KG_<NAME>, such as SARCOMA_KG_HOME.

\b
Exit codes:
  0    done
  1    the data was refused: each problem is a line of standard error,
       file:line: message; or coverage left something over, or diff
       --exit-code found a difference, or publish that an engine does
       not hold what was sent
  2    wrong usage, wrong settings, or a query that cannot be answered
  3    no such snapshot, graph or document; or passages or coverage not
       checked, as texts are missing
  70   a fault of sarcoma-kg
  74   a file could not be read or written, or an engine not be reached
  130  interrupted from the keyboard
  141  the reader of the output went away

\b
Examples:
  sarcoma-kg build
  sarcoma-kg query 'SELECT ?drug { ?drug a :Drug } LIMIT 5'
"""

app = typer.Typer(
    name="sarcoma-kg",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command(epilog=build.EXAMPLES)(build.build)
app.command(epilog=check.EXAMPLES)(check.check)
app.command(epilog=query.EXAMPLES)(query.query)
app.command(epilog=export.EXAMPLES)(export.export)
app.command(epilog=release.EXAMPLES)(release.release)
app.command(epilog=publish.EXAMPLES)(publish.publish)
app.command(epilog=diff.EXAMPLES)(diff.diff)
app.command("import", epilog=import_command.EXAMPLES)(import_command.import_)
app.command(epilog=journal.EXAMPLES)(journal.journal)
app.command(epilog=readings.EXAMPLES)(readings.readings)
app.command(epilog=new.EXAMPLES)(new.new)
app.command(epilog=cite.EXAMPLES)(cite.cite)
app.command(epilog=coverage.EXAMPLES)(coverage.coverage)
app.command(epilog=version.EXAMPLES)(version.version)


@app.callback()
def _about(
    *,
    _version: bool = typer.Option(
        False, "--version", callback=version.print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Build, check, query and export a validated graph of soft-tissue sarcoma treatment."""


def run(application: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; errors go to standard error as sentences.

    ``arguments`` are those of the process where none are given.
    """
    try:
        application(args=arguments, prog_name="sarcoma-kg")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else ExitCode.DONE
    except Exception as error:
        return _report(error)
    return ExitCode.DONE


def _report(error: Exception) -> ExitCode:
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
