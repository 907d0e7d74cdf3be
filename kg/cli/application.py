"""The command line as one application, and what its exit codes mean."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from kg.cli.commands import Commands
from kg.cli.exit_code import ExitCode
from kg.cli.version import print_version

__all__ = ["ExitCode", "app", "run"]


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
    cls=Commands,
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _about(
    *,
    _version: bool = typer.Option(
        False, "--version", callback=print_version, is_eager=True, help="Print the version."
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
        # It knows the errors of all commands, and so imports what most of them do without.
        from kg.cli.reporting import report  # noqa: PLC0415

        return report(error)
    return ExitCode.DONE
