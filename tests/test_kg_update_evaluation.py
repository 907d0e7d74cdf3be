"""Updates by operation and by solution: the same as the engine makes of them where it can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from kg.nquads import canonical_quads
from kg.query_error import QueryRefusedError
from kg.update_evaluation import evaluate_update

NAMED = b"""
<e:a> <e:p> <e:b> <e:g> .
<e:b> <e:p> <e:c> <e:g> .
<e:a> <e:q> "1" <e:h> .
<e:c> <e:p> <e:a> <e:h> .
"""
DEFAULT = b"<e:a> <e:p> <e:c> .\n"
TERMS = st.sampled_from(["<e:a>", "<e:b>", "<e:c>", "?x", "?y"])
GROUND = st.sampled_from(["<e:a>", "<e:b>", "<e:c>"])
PREDICATES = st.sampled_from(["<e:p>", "<e:q>", "?p"])
GRAPHS = st.sampled_from(["<e:g>", "<e:h>", "<e:n>", "?g"])


def _triples(
    terms: st.SearchStrategy[str], predicates: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    triple = st.builds("{} {} {} .".format, terms, predicates, terms)
    return st.lists(triple, min_size=1, max_size=2).map(" ".join)


def _quads(
    terms: st.SearchStrategy[str],
    predicates: st.SearchStrategy[str],
    graphs: st.SearchStrategy[str],
) -> st.SearchStrategy[str]:
    triples = _triples(terms, predicates)
    return triples | st.builds("GRAPH {} {{ {} }}".format, graphs, triples)


TEMPLATES = _quads(TERMS, PREDICATES, GRAPHS)
PATTERNS = st.lists(TEMPLATES, min_size=1, max_size=2).map(" ".join)
MODIFICATIONS = st.tuples(TEMPLATES, TEMPLATES, PATTERNS).map(
    lambda parts: f"DELETE {{ {parts[0]} }} INSERT {{ {parts[1]} }} @ WHERE {{ {parts[2]} }}"
)
"""Operations with an @ where USING may stand."""

DATA = _quads(GROUND, st.sampled_from(["<e:p>", "<e:q>"]), st.sampled_from(["<e:g>", "<e:n>"]))
OPERATIONS = st.one_of(
    DATA.map("INSERT DATA {{ {} }}".format),
    DATA.map("DELETE DATA {{ {} }}".format),
    TEMPLATES.map("DELETE WHERE {{ {} }}".format),
    MODIFICATIONS.map(lambda text: text.replace("@", "")),
    MODIFICATIONS.map(lambda text: text.replace("@", "USING <e:g> USING NAMED <e:h>")),
    MODIFICATIONS.map(lambda text: f"WITH <e:h> {text.replace('@', '')}"),
    st.sampled_from(["CLEAR SILENT GRAPH <e:n>", "COPY <e:g> TO <e:n>", "MOVE DEFAULT TO <e:n>"]),
)


def _store(quads: bytes) -> Store:
    store = Store()
    store.load(quads, format=RdfFormat.N_QUADS)
    return store


@given(st.lists(OPERATIONS, min_size=1, max_size=4).map(" ;\n".join))
def test_a_strict_update_is_what_the_engine_makes_of_it(update: str) -> None:
    made, expected = _store(NAMED + DEFAULT), _store(NAMED + DEFAULT)
    expected.update(update)
    evaluate_update(made, update, union=False, prefixes={}, services={})
    assert canonical_quads(made) == canonical_quads(expected)


@given(MODIFICATIONS)
def test_a_data_set_by_parameters_is_the_same_by_using(update: str) -> None:
    made, expected = _store(NAMED), _store(NAMED)
    expected.update(update.replace("@", "USING <e:h> USING NAMED <e:g>"))
    evaluate_update(
        made,
        update.replace("@", ""),
        using_graphs=["e:h"],
        using_named_graphs=["e:g"],
        prefixes={},
        services={},
    )
    assert canonical_quads(made) == canonical_quads(expected)


@given(MODIFICATIONS)
def test_the_union_is_every_graph_by_using(update: str) -> None:
    made, expected = _store(NAMED), _store(NAMED)
    every = " ".join(f"USING <e:{name}> USING NAMED <e:{name}>" for name in "gh")
    expected.update(update.replace("@", every))
    evaluate_update(made, update.replace("@", ""), prefixes={}, services={})
    assert canonical_quads(made) == canonical_quads(expected)


def test_templates_of_very_many_variables_are_refused() -> None:
    triples = " ".join(f"?s{number} ?p ?o ." for number in range(1001))
    update = f"INSERT {{ {triples} }} WHERE {{ ?s ?p ?o }}"
    with pytest.raises(QueryRefusedError, match="more than 1,000 variables"):
        evaluate_update(_store(NAMED), update, prefixes={}, services={})


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("<e:n> <e:count> ?n", "{ SELECT (COUNT(*) AS ?n) { ?s <e:p> <e:b> } }"),
        ("<e:n> <e:has> [ <e:of> ?s ]", "{ ?s <e:p> <e:b> }"),
        ("<e:n> <e:has> ?node", "{ ?s <e:p> <e:b> BIND(BNODE() AS ?node) }"),
        ("<e:n> <e:has> ?name", "{ ?s <e:p> <e:b> BIND(UUID() AS ?name) }"),
    ],
)
@pytest.mark.parametrize("graphs", [[], ["e:g", "e:h"]], ids=["union", "using"])
def test_a_triple_in_several_graphs_counts_once(
    template: str, where: str, graphs: list[str]
) -> None:
    store = _store(NAMED + b"<e:a> <e:p> <e:b> <e:h> .\n")
    before = len(store)
    update = f"INSERT {{ GRAPH <e:n> {{ {template} }} }} WHERE {where}"
    evaluate_update(store, update, using_graphs=graphs, prefixes={}, services={})
    made = canonical_quads(store).decode()
    assert len(store) - before == (2 if "[" in template else 1), made
    assert '"2"' not in made


def test_what_an_operation_made_is_shared_in_the_next() -> None:
    store = _store(NAMED)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    update = f"COPY <e:g> TO <e:n>; INSERT {{ <e:all> <e:count> ?n }} WHERE {{ {{ {count} }} }}"
    evaluate_update(store, update, prefixes={}, services={})
    assert '<e:all> <e:count> "4"' in canonical_quads(store).decode()
