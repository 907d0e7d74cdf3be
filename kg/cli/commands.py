"""The commands of the command line, each imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

__all__ = ["COMMANDS", "Commands"]

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "build": "kg.cli.build:build",
        "check": "kg.cli.check:check",
        "query": "kg.cli.query:query",
        "export": "kg.cli.export:export",
        "release": "kg.cli.release:release",
        "publish": "kg.cli.publish:publish",
        "diff": "kg.cli.diff:diff",
        "import": "kg.cli.import_command:import_",
        "journal": "kg.cli.journal:journal",
        "readings": "kg.cli.readings:readings",
        "new": "kg.cli.new:new",
        "cite": "kg.cli.cite:cite",
        "coverage": "kg.cli.coverage:coverage",
        "version": "kg.cli.version:version",
    }
)
"""The function of each command, in a module that also has the examples that its help ends with."""


class Commands(TyperGroup):
    """A group of all commands, and of those that were added to it.

    All together they take much longer to import than most of them run.
    """

    def __init__(self, *, commands: Mapping[str, Any], **given: Any) -> None:
        super().__init__(commands={}, **given)
        self.commands = _Imported(commands)


class _Imported(MutableMapping[str, Any]):
    """The commands by name; one that is looked up is imported."""

    def __init__(self, added: Mapping[str, Any]) -> None:
        self._made = dict(added)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _import(name)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**COMMANDS, **self._made})

    def __len__(self) -> int:
        return len({**COMMANDS, **self._made})


def _import(name: str) -> Any:
    module, _, function = COMMANDS[name].partition(":")
    found = import_module(module)
    info = CommandInfo(name, callback=getattr(found, function), epilog=found.EXAMPLES)
    return get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)
