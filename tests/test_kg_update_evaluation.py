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
