"""The groups that results are reported by, and the arms of the trial that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.importing.clinicaltrials.interventions import Arm, Given, arms_by_title, title_key
from kg.importing.clinicaltrials.node import MalformedError, Node
from kg.importing.clinicaltrials.sheet import Sheet
from kg.importing.statement import Draft

__all__ = ["Group", "draft_groups", "get_group"]


@dataclass(frozen=True)
class Group:
    """A group of participants: its id in the results, its IRI, and what its arm is given."""

    id: str
    iri: str
    given: Given

    def describe(self, draft: Draft) -> None:
        """State that a result is of this group, and concerns what its arm is given."""
        self.given.describe(draft.link("inGroup", self.iri))


def draft_groups(
    sheet: Sheet, node: Node, key: str, arms: Sequence[Arm], parts: tuple[str, ...]
) -> Mapping[str, Group]:
    """State the groups of a list and return them by id; a group is the arm of the same title.

    Raises MalformedError for a group without an id, or of the id of another one.
    """
    titled = arms_by_title(arms)
    groups: dict[str, Group] = {}
    for each in node.nodes(key):
        name, title = each.text("id") or "", each.text("title")
        if not name or name in groups:
            message = "a group must have an id of its own: download the record again"
            raise MalformedError(each.at("id"), message)
        draft = sheet.part("ImportedGroup", *parts, "group", name).labelled(title)
        arm = titled.get(title_key(title or ""))
        draft.text("groupId", name).link("correspondsToArm", arm.iri if arm else None)
        group = Group(name, draft.iri, arm.given if arm else Given())
        group.given.describe(draft)
        groups[name] = group
    return groups


def get_group(groups: Mapping[str, Group], node: Node, key: str) -> Group:
    """Return the group that a result names; raises MalformedError for one that is not listed."""
    return find_group(groups, node.text(key) or "", node.at(key))


def find_group(groups: Mapping[str, Group], name: str, pointer: str) -> Group:
    """Return the group of an id; raises MalformedError for one that is not listed."""
    group = groups.get(name)
    if group is None:
        message = f"no group has the id {name[:40]!r}: download the record again"
        raise MalformedError(pointer, message)
    return group
