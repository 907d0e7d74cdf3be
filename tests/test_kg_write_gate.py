"""What a write is judged by, and what that costs where problems and graph are large."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from writes import make_write

from kg.assembly import check_written
from kg.base import EmptyBase, FilesBase, build
from kg.change import Change
from kg.journal import make_entry
from kg.nquads import canonical_quads
from kg.problem import Place, Problem, Refused
from kg.shipped import find_shipped
from kg.snapshot import get_current
from kg.sources import GRAPH
from kg.write_gate import YOUR_UPDATE, pass_gate

_DRUG = "https://w3id.org/sarcoma-kg/drug/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_CLASS = "<https://w3id.org/sarcoma-kg/ontology/Drug>"


def _nameless(count: int) -> Store:
    """Return a store of drugs that break the shapes, each by its missing name."""
    store, lines = Store(), (f"<{_DRUG}d{n}> {_TYPE} {_CLASS} .\n" for n in range(count))
    store.extend(parse("".join(lines), format=RdfFormat.N_QUADS))
    return store


def _judge(
    store: Store, before: bytes, home: Path, known: Sequence[Problem] = ()
) -> tuple[tuple[Problem, ...], float]:
    """Return the problems of a store, and the processor seconds until they are found."""
    entry = make_entry(home, 1, Change(created_graphs=("e:g",)), gated=True)
    start = time.process_time()
    with pytest.raises(Refused) as refused:
        pass_gate(EmptyBase(), store, entry, before=before, known=known)
    return refused.value.problems, time.process_time() - start


def test_a_problem_costs_the_same_however_large_the_graph_is(tmp_path: Path) -> None:
    store = _nameless(400)
    quads = canonical_quads(store)
    others = b"".join(b"<http://e.org/%07d> <e:p> <e:o> .\n" % n for n in range(500_000))
    few, seconds = _judge(store, quads, tmp_path)
    many, longer = _judge(store, others + quads, tmp_path)
    assert few == many
    assert len(few) >= 400
    # A search of the text for each problem takes half a minute here.
    assert longer < 2 * seconds + 1


def test_a_place_is_recalled_for_what_has_a_line_of_its_own(tmp_path: Path) -> None:
    store, line = _nameless(1), f"<{_DRUG}d0> <e:p> <e:o> .\n"
    place = Place("drugs.yaml", 7)
    known = [replace(each, place=place) for each in check_written(find_shipped(), store, ())]
    others = f"<{_DRUG}d0/part> <e:p> <{_DRUG}d0> .\n<{_DRUG}d> <e:p> <{_DRUG}d0> .\n"
    for before, expected in (
        ("", YOUR_UPDATE),
        (others, YOUR_UPDATE),
        (line, place),
        (f"# empty graph <e:g>\n{line}<z:z> <e:p> <e:o> .\n", place),
        (f"<a:a> <e:p> <e:o> .\n{line}", place),
    ):
        found, _ = _judge(store, before.encode(), tmp_path, known)
        assert {each.place for each in found} == {expected}


def test_what_files_name_as_inferred_is_not_judged(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "given.nq"
    made = f"<{GRAPH}inferred-of-nothing>"
    path.write_text(f"<{_DRUG}d> {_TYPE} {_CLASS} {made} .\n<e:a> <e:b> <e:c> .\n")
    base = FilesBase.of([path])
    build(base, home, gated=True)
    assert not make_write(base, home, "INSERT DATA { e:x e:p 'more' }").problems
    # The next one is judged with the journal, by whoever builds it anew.
    current = get_current(base.home(home))
    other = tmp_path / "other"
    base.home(other).mkdir(parents=True)
    (base.home(home) / "journal").rename(base.home(other) / "journal")
    assert build(base, other, gated=True).id == current.id
    refused = make_write(base, other, "INSERT DATA { drug:new a :Drug }").problems
    assert {each.place for each in refused} == {YOUR_UPDATE}
    assert all("drug:new" in each.message for each in refused)
