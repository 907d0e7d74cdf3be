from __future__ import annotations

import pyoxigraph
import pytest

from kg.datatypes import DATATYPES, XSD

VALID = {
    "string": ["x", "12", "12:30"],
    "boolean": ["true", "false"],
    "integer": ["0", "12", "-3", "+4", "007", "9" * 18],
    "decimal": ["0.026", "5.0", "5", "-1.5", ".5", "5.", "+0.1", "9" * 18 + "." + "9" * 18],
    "date": ["2017-01-31", "2016-02-29"],
    "gYearMonth": ["2017-01", "2017-12"],
    "gYear": ["2017", "0099"],
    "anyURI": ["https://example.org/a?b=c#d", "http://example.org"],
}
INVALID = {
    "boolean": ["yes", "no", "True", "1", "0", "TRUE", "true "],
    "integer": [
        "1,000",
        "5.0",
        "1e3",
        "",
        " 1",
        "1 ",
        "٣",
        "0x1F",
        "--1",
        "twelve",
        "1\n",
        "9" * 19,
    ],
    "decimal": [
        "1,5",
        "1e3",
        "5%",
        "<0.05",
        ".",
        "",
        "NaN",
        "INF",
        "1 000",
        "1.2.3",
        "9" * 19,
        "0." + "1" * 19,
    ],
    "date": [
        "2017-13-01",
        "2017-02-29",
        "2017-1-1",
        "2017",
        "20170131",
        "31.01.2017",
        "2017-W01-1",
    ],
    "gYearMonth": ["2017-13", "2017-00", "2017", "2017-1", "January 2017"],
    "gYear": ["17", "20177", "2017-01", "c. 2017", ""],
    "anyURI": ["example.org", "https://a b", "https://<x>", "ftp://example.org", "https://"],
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in VALID.items() for t in ts])
def test_accepts_valid_forms(name: str, text: str) -> None:
    assert DATATYPES[XSD + name].find_fault(text) is None


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in INVALID.items() for t in ts])
def test_refuses_invalid_forms_and_shows_a_valid_one(name: str, text: str) -> None:
    datatype = DATATYPES[XSD + name]
    fault = datatype.find_fault(text)
    assert fault == f"'{text}' is not {datatype.noun}; write it like {datatype.example}"


@pytest.mark.parametrize("name", VALID)
def test_the_example_is_valid(name: str) -> None:
    datatype = DATATYPES[XSD + name]
    assert datatype.accepts(datatype.example.split("'")[1])


@pytest.mark.parametrize(
    ("name", "text"),
    [(n, t) for n, ts in VALID.items() if n not in ("string", "anyURI") for t in ts],
)
def test_the_store_reads_a_value_where_we_accept_one(name: str, text: str) -> None:
    """An ill-typed literal equals only itself; a read one equals itself by value too."""
    query = f'ASK {{ FILTER("{text}"^^<{XSD}{name}> >= "{text}"^^<{XSD}{name}>) }}'
    assert bool(pyoxigraph.Store().query(query))
