from __future__ import annotations

import pytest

from api.graph_name import read_graph_name
from api.problems import ParameterError
from kg.namespaces import Namespaces

NAMES = Namespaces(
    {"graph": "https://e.org/graph/", "study": "https://e.org/study/"}, "https://e.org/o/"
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("graph:documents", "https://e.org/graph/documents"),
        ("study:a/arm/b", "https://e.org/study/a/arm/b"),
        (":g", "https://e.org/o/g"),
        ("https://e.org/x", "https://e.org/x"),
        ("urn:mine", "urn:mine"),
        ("http://e.org/Ω%20", "http://e.org/Ω%20"),
    ],
)
def test_an_iri_or_a_curie_names_a_graph(given: str, expected: str) -> None:
    assert read_graph_name(given, "graph", NAMES) == expected


@pytest.mark.parametrize(
    "given", ["", "documents", "/graph", "//e.org/g", "graph:a b", "http://e.org/<x>", "urn:\ud800"]
)
def test_anything_else_is_refused_by_the_parameter(given: str) -> None:
    with pytest.raises(ParameterError, match="which is not an absolute IRI, or a CURIE") as refused:
        read_graph_name(given, "default-graph-uri", NAMES)
    assert refused.value.parameter == "default-graph-uri"
    str(refused.value).encode()


def test_a_long_name_is_not_repeated_whole() -> None:
    with pytest.raises(ParameterError) as refused:
        read_graph_name("a" * 100_000, "graph", NAMES)
    assert len(str(refused.value)) < 500
