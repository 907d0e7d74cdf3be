"""Filters as forms show them: what may be chosen, and of how many things it holds."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Choice", "Option"]


@dataclass(frozen=True)
class Option:
    """A value of a filter, and how many of all things have it."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """A filter: a parameter with its options; without a chosen one, any will do."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> str:
        """The label of what is chosen, or nothing.

        >>> Choice("line", "Line", (Option("First", "first line", 3, is_chosen=True),)).chosen
        'first line'
        """
        return next((each.label for each in self.options if each.is_chosen), "")

    @property
    def is_used(self) -> bool:
        """Whether an option is chosen."""
        return any(option.is_chosen for option in self.options)
