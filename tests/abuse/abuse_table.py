"""The table of all attacks, by what they attack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from abuse_backlogs import backlog_cases
from abuse_bodies import body_cases
from abuse_case import Case
from abuse_connections import connection_cases
from abuse_federation import federation_cases
from abuse_heads import head_cases
from abuse_lists import list_cases
from abuse_nested_uploads import nested_upload_cases
from abuse_nesting import nesting_cases
from abuse_protocol import protocol_cases
from abuse_runaways import runaway_cases
from abuse_storms import storm_cases
from abuse_uploads import upload_cases
from abuse_wicked import wicked_cases

__all__ = ["CASES", "CASES_ON_EMPTY", "CASES_ON_GRAPH", "GROUPS", "Group"]


class Group(NamedTuple):
    """Attacks of one sort, what their survival shows, and whether they need a graph to attack.

    Without one, a server of an empty data set is attacked: what it accepts costs less there.
    """

    title: str
    shows: str
    cases: tuple[Case, ...]
    needs_graph: bool = True


GROUPS = (
    Group(
        "Nesting",
        "No text that is accepted makes the engine run out of stack: levels are counted first.",
        tuple(nesting_cases()),
    ),
    Group(
        "Long lists and plans",
        "Nor does a long one, and what takes long to plan is stopped like what takes long to run.",
        tuple(list_cases()),
    ),
    Group(
        "Runaways, memory and regular expressions",
        "A worker that overruns its time or its memory is killed and replaced; nobody else waits.",
        tuple(runaway_cases()),
    ),
    Group(
        "Connections and files",
        "No request makes the server open a connection or a file: a listener that every case "
        "names sees no visit, and no answer holds a line of the system's files.",
        tuple(federation_cases()),
    ),
    Group(
        "Endpoints that misbehave",
        "What an allowed endpoint answers is limited in time and size, and redirects are followed "
        "three times at most, to other allowed endpoints alone.",
        tuple(wicked_cases()),
    ),
    Group(
        "Nested uploads",
        "No RDF makes a parser run out of stack, in any format.",
        tuple(nested_upload_cases()),
        needs_graph=False,
    ),
    Group(
        "Uploaded entities, contexts and texts",
        "No entity is expanded, no context fetched, and no ill-formed text becomes a quad.",
        tuple(upload_cases()),
        needs_graph=False,
    ),
    Group(
        "Bodies",
        "A body is limited before it is read, and requests whose end is in doubt are refused.",
        tuple(body_cases()),
    ),
    Group(
        "Lines and headers",
        "What is no HTTP, or too much of it, is refused on the connection that it came from.",
        tuple(head_cases()),
    ),
    Group(
        "Confusion",
        "Nothing but an update by POST with the token writes, and no page runs what a graph holds.",
        tuple(protocol_cases()),
    ),
    Group(
        "Connections that are slow, idle or left",
        "Whoever takes time takes it from nobody, and who hangs up frees the worker.",
        tuple(connection_cases()),
    ),
    Group(
        "Backlogs and floods",
        "What is sent before its turn waits unread, what goes on after its answer is cut off, and "
        "whoever leaves ends the query, whatever stands behind it.",
        tuple(backlog_cases()),
    ),
    Group(
        "Storms and signals",
        "With everything busy, long or killed from outside, a short query is answered in time.",
        tuple(storm_cases()),
    ),
)

CASES: Mapping[str, Case] = {case.name: case for group in GROUPS for case in group.cases}
CASES_ON_EMPTY: Mapping[str, Case] = {
    case.name: case for group in GROUPS if not group.needs_graph for case in group.cases
}
CASES_ON_GRAPH: Mapping[str, Case] = {
    name: case for name, case in CASES.items() if name not in CASES_ON_EMPTY
}
