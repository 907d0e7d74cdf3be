"""The table of attacks as a page: ``python tests/abuse/abuse_document.py > docs/abuse.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from abuse_table import CASES, GROUPS, Group
from abuse_wire import CUT

__all__ = ["document"]

INTRODUCTION = f"""\
# Abuse

{len(CASES)} attacks that the tests make on `sarcoma-kg serve`: a process of its own with two query
workers, three seconds and 256 MiB for a query, 1,024 descriptors, a token that may write, and a
graph of 20,001 quads. The server survives one when

- it is the same process afterwards;
- every answer comes in time and has one of the statuses below (*cut*: the connection is closed
  before the end of the answer);
- `/healthz` and a new `ASK {{}}`, asked from the attacker's own address all the while and once more
  afterwards, are answered within a second (five where the attack is the death of the processes
  that evaluate queries). An address that has used up its own share of the server, as one does
  that sends again whatever is refused, may be told so (429) for that long, and no other is;
- a listener that attacks name wherever a server could be made to call it has had no visit, and no
  answer holds a line of the system's files, a header that the attacker wrote, or, as a page, a
  script;
- the server's own process holds at most 400 MiB, and those below it what their limits allow.

`pytest tests/abuse` makes them all, `pytest -m soak tests/abuse` adds storms of minutes. A ladder
of sizes (20 to 100,000) goes from what is answered to what is refused. This page is written from
the table of the tests by `python tests/abuse/abuse_document.py`, and a test compares the two.
"""


def document() -> str:
    """Return the page."""
    return "\n".join([INTRODUCTION, *(_section(group) for group in GROUPS)])


def _section(group: Group) -> str:
    alike: dict[tuple[str, str], list[str]] = {}
    for case in group.cases:
        alike.setdefault((case.sent, ", ".join(_statuses(case.expected))), []).append(case.name)
    head = f"## {group.title} ({len(group.cases)})\n\n{group.shows}\n"
    rows = [_row("; ".join(names), *key) for key, names in alike.items()]
    return "\n".join([head, "| attacks | sent | statuses |", "|---|---|---|", *rows]) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _statuses(expected: Iterable[int]) -> Iterator[str]:
    return ("cut" if status == CUT else str(status) for status in sorted(expected, key=_last))


def _last(status: int) -> tuple[bool, int]:
    return (status == CUT, status)


if __name__ == "__main__":
    print(document(), end="")
