"""First versions of records: templates that pass the gate, for people to fill in."""

from __future__ import annotations

import re
from pathlib import Path

from kg.near import suggest

__all__ = ["find_kinds", "new_record"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def find_kinds(templates: Path) -> tuple[str, ...]:
    """Return the kinds of record that a folder holds a template for.

    >>> from kg.shipped import find_shipped
    >>> "study" in find_kinds(find_shipped().data / "templates")
    True
    """
    return tuple(sorted(path.stem for path in templates.glob("*.yaml")))


def new_record(kind: str, slug: str, *, templates: Path) -> str:
    """Return the YAML text of a new record of a kind, under a slug.

    Raises ValueError for an unknown kind, or for a slug that is not made of lower-case letters,
    digits and single hyphens.

    >>> from kg.shipped import find_shipped
    >>> text = new_record("drug", "aldoxorubicin", templates=find_shipped().data / "templates")
    >>> "id: drug:aldoxorubicin" in text
    True
    """
    kinds = find_kinds(templates)
    if kind not in kinds:
        known = ", ".join(kinds)
        raise ValueError(f"unknown kind '{kind}'{suggest(kind, kinds)} (known kinds: {known})")
    if not _SLUG.fullmatch(slug):
        raise ValueError(
            f"'{slug}' is no slug; write lower-case letters and digits, joined by single hyphens"
        )
    text = (templates / f"{kind}.yaml").read_text(encoding="utf-8")
    return text.replace("{slug}", slug)
