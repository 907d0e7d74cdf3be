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
    assert [*_read_rows(text % "")] == []
    rows = [*_read_rows(text % f"{row},\n {literal},{{}},{row}")]
    assert [each.get("x", Term("")).value for each in rows] == ["urn:a", ']}"', "", "urn:a"]
    assert rows[0]["x"] is rows[3]["x"]
    assert rows[0]["x"].is_iri
    assert not rows[1]["x"].is_iri


def test_what_has_no_rows_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no rows"):
        [*_read_rows('{"head":{},"boolean":true}')]
