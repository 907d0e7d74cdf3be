"""Linked data over real HTTP: every name of the graph answers at its path, in every format."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpx
import pytest
from linked_names import ROOT, Page, kind_of, mentions, names_in, path_of

from api.entity_formats import FORMATS
from api.problems import PROBLEMS
from kg.formats import GraphFormat, TableFormat
from kg.shipped import find_shipped
from kg.snapshot import Snapshot, open_database

Format = GraphFormat | TableFormat
AT_ONCE = 4


@pytest.fixture(scope="module")
def names(snapshot: Snapshot) -> list[str]:
    return names_in(open_database(snapshot))


def problems(address: str, asked: Iterable[tuple[str, Format]]) -> list[str]:
    """Ask for names in formats, and return what is wrong with the answers."""

    async def ask_all() -> list[str]:
        turns = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:

            async def ask(iri: str, form: Format) -> str:
                async with turns:
                    answer = await client.get(path_of(iri), headers={"Accept": form.media_type})
                return "" if is_right(answer, form, iri) else f"{answer.status_code} {form} {iri}"

            found = await asyncio.gather(*(ask(*each) for each in asked))
        return [each for each in found if each]

    return asyncio.run(ask_all())


def is_right(answer: httpx.Response, form: Format, iri: str) -> bool:
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith(form.media_type):
        return False
    if isinstance(form, GraphFormat):
        return mentions(answer.content, form, iri)
    return iri in Page(answer.text).text


def test_every_kind_of_name_answers_in_every_format(address: str, names: list[str]) -> None:
    kinds = {kind_of(iri): iri for iri in reversed(names)}
    assert 50 < len(kinds) < 100
    assert {"imported/gtopdb/term", "imported/drugmechdb/step"} < kinds.keys()
    assert {"dataset", "drug", "graph", "query", "rule", "ontology", "claim/range"} < kinds.keys()
    assert problems(address, ((iri, form) for iri in kinds.values() for form in FORMATS)) == []


def test_names_of_all_parts_of_the_graph_answer(address: str, names: list[str]) -> None:
    sample = names[::41]
    asked = ((iri, FORMATS[order % len(FORMATS)]) for order, iri in enumerate(sample))
    assert problems(address, asked) == []


@pytest.mark.soak
def test_every_name_answers_in_every_format(address: str, names: list[str]) -> None:
    assert len(names) > 5000
    assert problems(address, ((iri, form) for iri in names for form in FORMATS)) == []


def test_names_that_answers_give_and_the_graph_does_not_answer_too(address: str) -> None:
    kinds = {kind.slug for kind in PROBLEMS.values()} | {"fault", "not-found", "http-413", "gone"}
    minted = [f"{ROOT}problem/{slug}" for slug in sorted(kinds)]
    shape = f"{ROOT}shape/Contraindication-treatment"
    assert problems(address, ((iri, form) for iri in (*minted, shape) for form in FORMATS)) == []
    assert httpx.get(f"{address}/problem/http-299").status_code == 404
    assert httpx.get(f"{address}/shape/Nothing").status_code == 404


def test_every_problem_names_a_kind_that_answers(client: httpx.Client) -> None:
    for path in ("/nothing", "/drug/nothing", "/drug/imatinib?format=x", "/sparql?query=SELECT"):
        problem = client.get(path).json()
        assert problem["type"].startswith(ROOT)
        answer = client.get(path_of(problem["type"]), headers={"Accept": "text/html"})
        assert problem["title"] in Page(answer.text).text


def test_a_shape_keeps_its_order_and_its_blank_nodes(address: str) -> None:
    shipped = find_shipped()
    assert (shipped.shapes / "contraindication.ttl").is_file()
    url = f"{address}/shape/Contraindication-treatment"
    one, two = (httpx.get(url, headers={"Accept": "application/n-triples"}) for _ in range(2))
    assert one.content == two.content
    assert "aboutProcedure" in one.text
