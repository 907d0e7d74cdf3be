"""Rows of the server's own queries are read one after the other, whoever wrote them."""

from __future__ import annotations

import pytest

from api.canned import Term, _read_rows


@pytest.mark.parametrize(
    "text",
    [
        '{"head":{"vars":["x"]},"results":{"bindings":[%s]}}',
        '{ "head": { "vars": ["x"] },\n "results": { "distinct": false, "bindings": [\n%s ] } }',
    ],
)
def test_rows_of_any_layout(text: str) -> None:
    row = '{"x":{"type":"uri","value":"urn:a"}}'
    literal = '{"x":{"type":"literal","value":"]}\\""}}'
    assert [*_read_rows(iter([text % ""]))] == []
    whole = text % f"{row},\n {literal},{{}},{row}"
    rows = [*_read_rows(iter([whole]))]
    assert [each.get("x", Term("")).value for each in rows] == ["urn:a", ']}"', "", "urn:a"]
    assert rows[0]["x"] is rows[3]["x"]
    assert rows[0]["x"].is_iri
    assert not rows[1]["x"].is_iri
    for size in (1, 2, 7, 60):
        pieces = (whole[start : start + size] for start in range(0, len(whole), size))
        assert [*_read_rows(pieces)] == rows


def test_what_has_no_rows_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no rows"):
        [*_read_rows(iter(['{"head":{},"boolean":true}']))]


def test_an_answer_that_is_cut_off_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no end"):
        [*_read_rows(iter(['{"results":{"bindings":[{"x":{"type":"uri","value":"urn:a"}},']))]
