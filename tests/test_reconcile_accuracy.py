"""How often the service is right: lists made by hand, names of other things, and random slips.

A list has 100 names of drugs, tumours and targets of the graph as people write them, with typos
and codes, and 30 that are in no way in the graph; what each should give was decided by reading.
Of the second, by another reader, the 100 were written before the service was asked; the 30 were
chosen afterwards from 115 that were asked, none of which matched another thing. One rule came of
them: that a number behind a name, as in FGFR5, is no dose.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from reconcile_service import ask, ask_one

FIXTURES = Path(__file__).resolve().parent / "fixtures"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LOW = 50
"""Below this score a candidate is no more than alike."""

Row = dict[str, str]


@pytest.fixture(scope="module", params=["reconcile-names.tsv", "reconcile-names-second.tsv"])
def rows(request: pytest.FixtureRequest) -> list[Row]:
    with (FIXTURES / request.param).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def asked(client: httpx.Client, names: list[str], **more: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield the candidates for each of some names."""
    for start in range(0, len(names), 400):
        part = names[start : start + 400]
        queries = {str(number): {"query": name, **more} for number, name in enumerate(part)}
        yield from ask(client, queries).values()


def test_the_list_is_of_a_hundred_names_and_thirty_others(rows: list[Row]) -> None:
    assert len(rows) == 130
    assert sum(not row["expected"] for row in rows) == 30
    assert len({row["name"] for row in rows}) == 130


@pytest.mark.parametrize("strict", ["any", "should"])
@pytest.mark.parametrize("with_type", [True, False])
def test_the_top_answer_is_right(
    client: httpx.Client, rows: list[Row], with_type: bool, strict: str
) -> None:
    queries: dict[str, Any] = {}
    for row in rows:
        type_ = {"type": row["type"]} if with_type and row["type"] else {}
        queries[row["name"]] = {"query": row["name"], "type_strict": strict, **type_}
    found = ask(client, queries)
    right = sure = 0
    for row in rows:
        candidates = found[row["name"]]
        matches = [each["id"] for each in candidates if each["match"]]
        assert set(matches) <= {row["expected"]}, row
        if not row["expected"]:
            assert all(each["score"] < LOW for each in candidates), row
            continue
        right += bool(candidates) and candidates[0]["id"] == row["expected"]
        sure += bool(matches)
    assert right >= 95
    assert sure >= 70


@pytest.mark.parametrize("type_", [None, "drugs", "histologies"])
def test_other_names_never_match(client: httpx.Client, type_: str | None) -> None:
    names = (FIXTURES / "reconcile-foreign.txt").read_text(encoding="utf-8").splitlines()
    assert len(names) > 300
    more = {"type": type_} if type_ else {}
    high = []
    for name, candidates in zip(names, asked(client, names, **more), strict=True):
        assert not any(each["match"] for each in candidates), name
        high += [name for each in candidates[:1] if each["score"] >= LOW]
    assert len(high) <= 3, high


@pytest.mark.parametrize(
    "name",
    [
        "FGFR5",  # a number behind a name is no dose
        "aurora kinase C",  # one letter tells it from aurora kinase A
        "dermoid tumour",  # another than the desmoid
        "Vascular endothelial growth factor A",  # no article
        "doxorubicin or ifosfamide",  # not both
    ],
)
def test_what_is_near_to_a_name_may_be_another(client: httpx.Client, name: str) -> None:
    assert all(each["score"] < LOW for each in ask_one(client, name))
    for type_ in ("drugs", "histologies", "targets", "families", "regimens"):
        assert not any(each["match"] for each in ask_one(client, name, type=type_))


def test_a_number_beside_a_name_is_a_dose(client: httpx.Client) -> None:
    for name in ("imatinib 400", "vincristine 2 mg"):
        assert ask_one(client, name)[0]["score"] > 70, name


@pytest.mark.parametrize(("edits", "least_right", "seed"), [(1, 0.93, 11), (2, 0.88, 12)])
def test_random_slips_lead_to_the_thing_and_to_no_other(
    client: httpx.Client, edits: int, least_right: float, seed: int
) -> None:
    chance = random.Random(seed)
    for kind in ("drugs", "histologies"):
        items = client.get(f"/api/v1/{kind}", params={"limit": 300, "fields": "label"}).json()
        # A code with a slip is another code: none is taken for it.
        named = [each for each in items["items"] if not is_code(each["label"])]
        chosen = [chance.choice(named) for _ in range(150)]
        names = []
        for each in chosen:
            name = each["label"]
            for _ in range(edits):
                name = mistyped(name, chance)
            names.append(name)
        right = 0
        for item, name, candidates in zip(
            chosen, names, asked(client, names, type=kind), strict=True
        ):
            matches = {each["id"] for each in candidates if each["match"]}
            assert matches <= {item["id"]}, name
            right += bool(candidates) and candidates[0]["id"] == item["id"]
        assert right >= least_right * len(chosen), (kind, right)


def is_code(name: str) -> bool:
    return name.upper() == name or any(each.isdigit() for each in name)


def mistyped(name: str, chance: random.Random) -> str:
    """Return a name with one letter too many, missing or wrong, or two that changed places."""
    while True:
        place, letter = chance.randrange(len(name)), chance.choice(LETTERS)
        before, here, after = name[:place], name[place], name[place + 1 :]
        found = chance.choice(
            (before + after, before + letter + after, before + letter + here + after,
             before + after[:1] + here + after[1:])
        )  # fmt: skip
        if found != name and found.strip():
            return found
