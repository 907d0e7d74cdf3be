"""An update of data is compared in the graphs that it names, and changes what it always did."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pyoxigraph import RdfFormat, Store

import kg.writing
from kg.change import Graph, dump_graphs
from kg.query_error import QuerySyntaxError
from kg.update_reach import find_named_in_data
from kg.writing import Update, evaluate_write

_QUADS = """<e:a> <e:b> <e:c> .
<e:a> <e:b> _:x <e:g> .
<e:a> <e:b> "old" <e:h> .
"""
_PREFIXES = {"e": "e:"}


def _store() -> Store:
    store = Store()
    store.load(_QUADS, format=RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { e:a e:b e:new }",
        "INSERT DATA { GRAPH e:g { e:a e:b [ e:c 1 ] } GRAPH e:new { e:a e:b 1 } }",
        "DELETE DATA { GRAPH e:h { e:a e:b 'old' } e:a e:b e:c }",
        "PREFIX x: <e:> DELETE DATA { GRAPH x:h { x:a x:b 'old' } } ; INSERT DATA { x:a x:b 2 } ;",
        "INSERT DATA { GRAPH e:empty { } }",
        "INSERT DATA { GRAPH e:h { e:a e:b 'old' } } # what is there",
        "INSERT DATA { e:a e:b 1 } ; DELETE WHERE { GRAPH ?g { e:a e:b 'old' } }",
        "DROP GRAPH e:h",
    ],
)
def test_an_effect_is_that_of_comparing_all_graphs(
    update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = evaluate_write(_store(), Update(update), prefixes=_PREFIXES)
    monkeypatch.setattr(kg.writing, "find_named_in_data", lambda *_: None)
    expected = evaluate_write(_store(), Update(update), prefixes=_PREFIXES)
    if "[" in update:  # a new blank node has another name each time
        assert len(found.change.added) == len(expected.change.added)
        assert found.change.graphs == expected.change.graphs
    else:
        assert found == expected


def test_graphs_that_are_not_named_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[set[str]] = []

    def note(store: Store, graphs: Iterable[Graph] | None = None) -> dict[str, bytes]:
        found = dump_graphs(store, graphs)
        read.append(set(found))
        return found

    monkeypatch.setattr(kg.writing, "dump_graphs", note)
    evaluate_write(_store(), Update("INSERT DATA { GRAPH e:g { e:a e:b 1 } }"), prefixes=_PREFIXES)
    assert read == [{"", "e:g"}, {"", "e:g"}]


@pytest.mark.parametrize(
    "update", ["INSERT DATA { e:a e:b }", "INSERT DATA { " + "[ e:b " * 500, "\ud800"]
)
def test_what_cannot_be_read_is_left_to_the_evaluation(update: str) -> None:
    assert find_named_in_data(update, _PREFIXES) is None


def test_a_wrong_update_is_refused_as_ever() -> None:
    with pytest.raises(QuerySyntaxError):
        evaluate_write(_store(), Update("INSERT DATA { e:a e:b }"), prefixes=_PREFIXES)
