"""The query that explains a list of paths has the same rows as the list, over the shipped graph."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyoxigraph import QuerySolutions, Store
from serving import prefixes

from api.engine import Engine
from api.library import Library, load_library
from api.messages import Head, QueryRequest
from api.path_choice import choose_paths
from api.path_explain import COLUMNS, explain
from api.path_names import read_question
from api.path_parameters import PathFilter
from api.reply import Reply
from kg.build import Assembly
from kg.evaluation import evaluate
from kg.shipped import find_shipped

Same = Callable[..., int]

CHOSEN: tuple[dict[str, object], ...] = (
    {"drug": "*"},
    {"drug": "imatinib", "histology": "GIST"},
    {"drug": ["doxorubicin", "trabectedin"]},
    {"histology": "sarcoma", "direct": True},
    {"histology": ["leiomyosarcoma", "liposarcoma"]},
    {"target": "*", "histology": "GIST"},
    {"target": ["VEGFR", "PDGFR", "KIT"]},
    {"target": "HSP90"},
    {"family": "*"},
    {"family": "PDGFR", "target": "PDGFRA"},
    {"biomarker": "*", "kind": "mechanism"},
    {"biomarker": "KIT exon 9 mutation"},
    {"biomarker": "secondary KIT mutation"},
    {"biomarker": "HIF-1", "kind": "in-trial"},
    {"drugClass": "*", "kind": "recommended-class"},
    {"drug": "*", "kind": "recommended-class", "document": ["alberta-2017", "jnccn-2007"]},
    {"drugClass": "chemotherapy", "kind": "recommended-class"},
    {"drugClass": "sarcoma:KITInhibitor"},
    {"drugClass": "VEGFR inhibitor", "histology": "GIST"},
    {"drugClass": ["anthracyclines", "tyrosine kinase inhibitors"]},
    {"drug": "17-AAG"},
    {"drug": "IPI-504"},
    {"drug": "*", "reach": "prodrug"},
    {"drug": "*", "reach": ["indirect", "direct"]},
    {"drug": "*", "kind": ["recommended", "in-trial"]},
    {"drug": "*", "endpoint": "OverallSurvival"},
    {"drug": "*", "endpoint": "PartialResponseRate", "direct": True},
    {"drug": "*", "line": "SecondLineOrLater"},
    {"drug": "*", "line": ["FirstLine", "SecondLine"], "kind": "recommended"},
    {"drug": "*", "phase": "Phase3"},
    {"drug": "*", "phase": "phase not stated", "kind": "in-trial"},
    {"drug": "*", "treatmentMode": "alone"},
    {"drug": "*", "treatmentMode": "combination", "kind": ["in-trial", "recommended"]},
    {"drug": "*", "minEvaluable": 20},
    {"drug": "*", "minEvaluable": 0, "endpoint": "ObjectiveResponseRate"},
    {"drug": "*", "document": "alberta-2017"},
    {"drug": "*", "document": ["anlotinib-record", "nct03651375"]},
    {"drug": "*", "asOf": "2007"},
    {"drug": "*", "asOf": "2017-03", "target": "*"},
    {"drug": "*", "asOf": "1990"},
)
POOL: dict[str, list[object]] = {
    "drug": ["imatinib", "sunitinib", "doxorubicin", "trabectedin", "17-AAG", "anlotinib", "*"],
    "target": ["KIT", "PDGFR", "VEGFR", "RET", "HSP90", "tubulin", "*"],
    "family": ["PDGFR", "VEGFR", "*"],
    "histology": [
        "GIST",
        "sarcoma",
        "soft tissue sarcoma",
        "leiomyosarcoma",
        "desmoid tumour",
        "*",
    ],
    "biomarker": ["KIT exon 9 mutation", "CD117 expression", "HIF-1", "*"],
    "drugClass": ["tyrosine kinase inhibitors", "sarcoma:KITInhibitor", "chemotherapy", "*"],
    "direct": [True],
    "kind": ["mechanism", "tested", "recommended", "recommended-class", "in-trial"],
    "reach": ["direct", "indirect", "prodrug"],
    "endpoint": ["OverallSurvival", "ObjectiveResponseRate", "PartialResponseRate"],
    "line": ["FirstLine", "SecondLineOrLater", "LineNotStated"],
    "phase": ["Phase2", "Phase3", "PhaseNotStated"],
    "treatmentMode": ["alone", "combination", "Monotherapy"],
    "document": ["jnccn-2007", "alberta-2017", "nct03651375", "anlotinib-record"],
    "asOf": ["2007", "2017", "2016-12", "2021-01-22"],
    "minEvaluable": [0, 10, 40],
}
NODES = ("drug", "target", "family", "histology", "biomarker", "drugClass")


class StoreEngine:
    """An engine that asks a store in this process."""

    snapshot = SimpleNamespace(id="0" * 12, manifest=SimpleNamespace(graphs={}))

    def __init__(self, store: Store) -> None:
        self._store = store

    @asynccontextmanager
    async def ask_for_server(self, request: QueryRequest) -> AsyncIterator[Reply]:
        known = dict(prefixes())
        found = evaluate(
            self._store, request.query, accept=request.accept, union=True, prefixes=known
        )
        head = Head(
            found.form.value, found.choice.content_type, found.media_type, found.is_volatile
        )
        yield Reply(head, _pieces(found.body()), self.snapshot.id)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


@pytest.fixture(scope="module")
def library(assembly: Assembly) -> Library:
    engine = cast(Engine, StoreEngine(assembly.store))
    return asyncio.run(load_library(engine, find_shipped()))


@pytest.fixture(scope="module")
def same(assembly: Assembly, library: Library) -> Same:
    """Compare the rows of both, and give their number."""

    def compare(asked: dict[str, Any]) -> int:
        wanted = PathFilter.model_validate(asked)
        question = read_question(library.directory, library.paths, wanted)
        paths = list(choose_paths(library.paths, question).paths())
        query = explain(question, library.context.namespaces.ontology)
        found = assembly.store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        rows = [tuple(row[name].value if row[name] else "" for name in COLUMNS) for row in found]
        assert sorted(rows) == sorted(tuple(path.row.values()) for path in paths)
        return len(rows)

    return compare


@pytest.mark.parametrize("asked", CHOSEN, ids=lambda asked: " ".join(map(str, asked.values())))
def test_the_query_has_the_rows_of_the_list(same: Same, asked: dict[str, object]) -> None:
    found = same(asked)
    assert (found > 0) is ("1990" not in asked.values())


def at_random(draw: random.Random) -> dict[str, object]:
    names = draw.sample(list(POOL), draw.randint(1, 4))
    if not set(names) & set(NODES):
        names.append(draw.choice(NODES))
    asked: dict[str, object] = {}
    for name in names:
        several = name not in ("direct", "asOf", "minEvaluable") and draw.random() < 0.3
        values = POOL[name]
        asked[name] = draw.sample(values, 2) if several else draw.choice(values)
    return asked


def test_the_query_has_the_rows_of_lists_at_random(same: Same) -> None:
    draw = random.Random(5)
    found = [same(at_random(draw)) for _ in range(12)]
    assert sum(number > 0 for number in found) > 4


@pytest.mark.soak
def test_the_query_has_the_rows_of_many_lists_at_random(same: Same) -> None:
    draw = random.Random(7)
    found = [same(at_random(draw)) for _ in range(1000)]
    assert sum(number > 0 for number in found) > 400
