"""The command line: one module a command, and ``app`` that holds them."""

from __future__ import annotations

from kg.cli.application import ExitCode, app, run

__all__ = ["ExitCode", "app", "run"]
