"""The versions of TRAPI and of Biolink that are spoken: the one place to change when they move."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BIOLINK", "INFORES", "NEWEST", "OLDER", "VERSIONS", "Version"]

BIOLINK = "4.4.6"
"""The release of the Biolink model that ``biolink.json`` is made from."""

INFORES = "infores:sarcoma-kg"
"""What this knowledge source is called; people must register it with the Biolink registry."""


@dataclass(frozen=True)
class Version:
    """A version of TRAPI: the part of the address, and the version of its schema.

    ``is_newest`` is false for what is answered by rewriting the newest one.
    """

    number: str
    schema: str
    is_newest: bool = True

    @property
    def prefix(self) -> str:
        """Where it is served.

        >>> Version("2.0", "2.0.0").prefix
        '/trapi/2.0'
        """
        return f"/trapi/{self.number}"


NEWEST = Version("2.0", "2.0.0")
"""Published as a beta, 2.0.0-beta; an answer names the version of the schema that it follows."""

OLDER = Version("1.5", "1.5.0", is_newest=False)
VERSIONS = (NEWEST, OLDER)
