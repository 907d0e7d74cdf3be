"""What is ruled of a drug in patients with a condition, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.rulings import Reach, Ruling, Status

__all__ = ["sentence_of"]

_REACHES: Mapping[Reach, str] = {
    Reach.SAME: "",
    Reach.EQUIVALENT: ", held to be the same condition",
    Reach.WIDER: ", a wider condition",
    Reach.NARROWER: ", a narrower condition",
}
_NOTHING: Mapping[Status, str] = {
    Status.NO_ENTRY: "no entry, nor one on a wider or narrower condition",
    Status.NOT_IN_TABLE: "drug not in the table",
}


def sentence_of(ruling: Ruling, label: Callable[[str], str]) -> str:
    """Return the entries of a ruling in words; ``label`` gives the name of a thing.

    >>> sentence_of(Ruling("imatinib", "infection", Status.NOT_IN_TABLE, None, ()), str)
    'imatinib, asked for infection: drug not in the table, which permits nothing.'
    """
    asked = f"{label(ruling.drug)}, asked for {label(ruling.condition)}"
    if not ruling.entries:
        return f"{asked}: {_NOTHING[ruling.status]}, which permits nothing."
    order = (list(Status), list(Reach))
    said = sorted(
        (order[0].index(entry.status), order[1].index(reach), label(entry.condition))
        for reach, entry in ruling.entries
    )
    parts = [
        f"{order[0][status].value} in {name}{_REACHES[order[1][reach]]}"
        for status, reach, name in dict.fromkeys(said)
    ]
    if not {reach for reach, _ in ruling.entries} - {Reach.NARROWER}:
        parts.append("the condition itself has no entry, which permits nothing")
    return f"{asked}: {'; '.join(parts)}."
