"""The graph in Python: opened, held, asked, and refused."""

from __future__ import annotations

import doctest
import gc
import json
import pickle
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builds import start_python
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store
from serving import snapshot_of

import kg.answering
import kg.opened_graph
from kg import open_graph
from kg.answering import (
    AmbiguousNameError,
    AnswersMissingError,
    FilterError,
    UnknownNameError,
)
from kg.export import GraphMissing
from kg.folder_lock import removal_locked
from kg.frames import PandasMissingError
from kg.opened_graph import Graph
from kg.opened_snapshot import ClosedError
from kg.query_error import (
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.settings import SettingsError
from kg.shipped import Shipped
from kg.snapshot import Snapshot, SnapshotMissing, get_current, open_database
from kg.solutions import Iri

PAGE = Path(__file__).resolve().parent.parent / "docs" / "python.md"
ROOT = "https://w3id.org/sarcoma-kg/"


@pytest.fixture(scope="module")
def shipped_home(snapshot: Snapshot) -> Path:
    return snapshot.directory.parent.parent


@pytest.fixture(scope="module")
def graph(shipped_home: Path) -> Iterator[Graph]:
    with open_graph(shipped_home) as opened:
        yield opened


@pytest.fixture
def small(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The miniature graph in place of the shipped one; its folder, to edit."""
    monkeypatch.setattr(kg.opened_graph, "find_shipped", lambda: Shipped(root))
    return root


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_the_page_says_what_is_so(shipped_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_HOME", str(shipped_home))
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL | doctest.NORMALIZE_WHITESPACE
    example = doctest.DocTestParser().get_doctest(
        PAGE.read_text(encoding="utf-8").replace("```", ""), {}, "python.md", str(PAGE), 0
    )
    assert len(example.examples) > 20
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(example, out=said.append)
    assert not said, "".join(said)


def test_importing_the_library_is_cheap() -> None:
    program = """
import sys, json
import kg
before = sorted(sys.modules)
from kg import open_graph
print(json.dumps([before, sorted(sys.modules)]))
"""
    done = start_python(program)
    before, after = json.loads(done.communicate()[0])
    assert not {"pyoxigraph", "rdflib", "pandas", "kg.opened_graph"} & {*before}
    assert not {"pandas", "rdflib", "fastapi", "api"} & {*after}


def test_a_name_that_the_library_does_not_have_is_no_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open_grpah'"):
        kg.open_grpah  # noqa: B018


def test_opening_takes_no_longer_than_asking_the_database(graph: Graph, shipped_home: Path) -> None:
    started = time.perf_counter()
    with open_graph(shipped_home) as opened:
        taken = time.perf_counter() - started
    assert opened.snapshot == graph.snapshot
    assert taken < 2


class TestFinding:
    def test_a_graph_is_built_where_there_is_none(self, small: Path, home: Path) -> None:
        assert not home.exists()
        with open_graph(home) as opened:
            assert get_current(home).id == opened.snapshot
        with open_graph(str(home)) as again:
            assert again.snapshot == opened.snapshot

    def test_own_records_are_added_and_what_is_current_stays_it(
        self, small: Path, home: Path, tmp_path: Path
    ) -> None:
        mine = tmp_path / "mine"
        (mine / "vocabularies").mkdir(parents=True)
        record = "id: drug:mydrug\ntype: Drug\nlabel: mydrug\n"
        (mine / "vocabularies" / "drugs.yaml").write_text(record)
        with open_graph(home) as shipped, open_graph(home, data=mine) as own:
            assert own.snapshot != shipped.snapshot
            assert own.ask("ASK { drug:mydrug a :Drug }")
            assert not shipped.ask("ASK { drug:mydrug a :Drug }")
            assert get_current(home).id == shipped.snapshot

    def test_an_older_snapshot_is_found_by_the_start_of_its_id(
        self, graph: Graph, shipped_home: Path
    ) -> None:
        with open_graph(shipped_home, snapshot=graph.snapshot[:8]) as opened:
            assert opened.snapshot == graph.snapshot
        with pytest.raises(SnapshotMissing, match="starts with 'zz'"):
            open_graph(shipped_home, snapshot="zz")

    def test_a_snapshot_has_its_own_records(self, shipped_home: Path) -> None:
        for more in ({"data": "x"}, {"imports": False}):
            with pytest.raises(ValueError, match="give snapshot alone"):
                open_graph(shipped_home, snapshot="a", **more)

    def test_what_cannot_be_a_home_is_refused(
        self, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "file"
        file.write_text("")
        with pytest.raises(OSError, match="file"):
            open_graph(file)
        with pytest.raises(ValueError, match="empty"):
            open_graph("")
        monkeypatch.setenv("SARCOMA_KG_HOEM", "x")
        with pytest.raises(SettingsError, match="did you mean SARCOMA_KG_HOME"):
            open_graph()


class TestHolding:
    def test_it_stays_what_it_is_while_another_becomes_current(self, home: Path) -> None:
        made = [snapshot_of(store_with(name), home) for name in ("one", "two")]
        assert made[0].id != made[1].id
        opened = open_graph(home)
        for name in ("three", "four", "five", "six"):
            snapshot_of(store_with(name), home)
        assert get_current(home).id != opened.snapshot == made[1].id
        assert made[1].directory.is_dir()
        assert not made[0].directory.exists()
        assert labels(opened) == ["two"]
        opened.close()

    def test_it_is_held_until_it_is_closed_or_forgotten(self, home: Path) -> None:
        snapshot = snapshot_of(store_with("one"), home)
        opened, forgotten = open_graph(home), open_graph(home)
        assert not is_free(snapshot)
        opened.close()
        opened.close()
        assert not is_free(snapshot)
        del forgotten
        assert is_free(snapshot)

    def test_a_closed_graph_says_so(self, home: Path) -> None:
        snapshot_of(store_with("one"), home)
        with open_graph(home) as opened:
            assert repr(opened) == f"<Graph {opened.snapshot[:12]}, 1 quads>"
        assert repr(opened).endswith("closed>")
        for ask in (lambda: opened.query("SELECT * {}"), opened.rdflib, lambda: opened.kinds):
            with pytest.raises(ClosedError, match="open it again"):
                ask()

    def test_threads_ask_it_at_once(self, graph: Graph) -> None:
        found: list[int] = []

        def ask() -> None:
            found.append(len(graph.query("SELECT ?d { ?d a :Drug }")))
            found.append(len(graph.drugs()))
            found.append(len(graph.paths(drug="imatinib", histology="GIST")))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 18
        assert len({*found}) == 2 + (found[0] != found[1])

    def test_a_forked_process_asks_it_and_goes_on_after_its_parent_closed(self, home: Path) -> None:
        snapshot = snapshot_of(store_with("one"), home)
        program = """
import os, sys
from kg import open_graph
graph = open_graph(sys.argv[1])
names = lambda: [row["label"] for row in graph.query("SELECT ?label { ?x rdfs:label ?label }")]
assert names() == ["one"]
start, go = os.pipe()
child = os.fork()
if not child:
    os.read(start, 1)
    print("child", names(), graph.ask("ASK {}"), flush=True)
    os._exit(0)
graph.close()
os.write(go, b"x")
print("parent", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        done = start_python(program, home)
        said, _ = done.communicate(timeout=60)
        assert said.splitlines() == ["child ['one'] True", "parent 0"]
        assert is_free(snapshot)


class TestAsking:
    def test_rows_have_plain_values(self, home: Path) -> None:
        subject, about = NamedNode("urn:x"), "http://www.w3.org/2001/XMLSchema#"
        values = [
            ("integer", "5", 5),
            ("decimal", "5.5", Decimal("5.5")),
            ("double", "1.5", 1.5),
            ("boolean", "true", True),
            ("date", "2017-03-01", date(2017, 3, 1)),
            ("gYear", "2017", "2017"),
            ("date", "2017-03-01Z", "2017-03-01Z"),
            ("string", "text", "text"),
        ]
        store = Store()
        for place, (kind, text, _) in enumerate(values):
            literal = Literal(text, datatype=NamedNode(about + kind))
            store.add(Quad(subject, NamedNode(f"urn:p{place}"), literal))
        snapshot_of(store, home)
        with open_graph(home) as opened:
            rows = opened.query("SELECT ?p ?v ?none { ?s ?p ?v } ORDER BY ?p")
        assert [row["v"] for row in rows] == [value for *_, value in values]
        assert [type(row["v"]) for row in rows] == [type(value) for *_, value in values]
        assert all(isinstance(row["p"], Iri) and "none" not in row for row in rows)
        assert rows.variables == ("p", "v", "none")
        assert rows[0:2] == rows.rows[:2]

    def test_a_frame_of_rows_has_types(self, graph: Graph) -> None:
        frame = graph.query("""
            SELECT ?item (SAMPLE(?p) AS ?percent) (SAMPLE(?n) AS ?evaluable) {
              ?item a :EvidenceItem OPTIONAL { ?item :percent ?p } OPTIONAL { ?item :evaluable ?n }
            } GROUP BY ?item
        """).frame()
        assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
            "item": "string",
            "percent": "Float64",
            "evaluable": "Int64",
        }
        assert frame["percent"].isna().any()

    def test_rows_go_to_another_process(self, graph: Graph) -> None:
        rows = graph.query("SELECT ?drug ?name { ?drug a :Drug ; rdfs:label ?name } LIMIT 3")
        again = pickle.loads(pickle.dumps(rows))
        assert again == rows
        assert again[0]["drug"].slug == rows[0]["drug"].slug  # type: ignore[union-attr]

    def test_a_query_of_another_form_is_told_where_it_belongs(self, graph: Graph) -> None:
        for ask, text, method in (
            (graph.query, "ASK {}", "ask"),
            (graph.query, "DESCRIBE drug:imatinib", "construct"),
            (graph.ask, "SELECT * {}", "query"),
            (graph.construct, "ASK {}", "ask"),
        ):
            with pytest.raises(QueryRefusedError, match=rf"give it to {method}\(\)"):
                ask(text)

    def test_results_are_dropped_by_the_thread_that_asked(
        self, graph: Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dropped: list[object] = []
        monkeypatch.setattr(sys, "unraisablehook", dropped.append)
        with pytest.raises(QueryRefusedError):
            graph.ask("SELECT ?s { ?s ?p ?o }")
        with pytest.raises(QueryRefusedError):
            graph.query("CONSTRUCT WHERE { ?s ?p ?o }")
        monkeypatch.setattr("kg.opened_graph.read_solutions", fail_at_the_first_row)
        with pytest.raises(QueryFailedError, match="the engine gave up: half-way"):
            graph.query("SELECT ?s { ?s ?p ?o }")
        gc.collect()
        assert not dropped

    def test_what_the_endpoint_refuses_is_refused(self, graph: Graph) -> None:
        with pytest.raises(QuerySyntaxError, match="line 1, column"):
            graph.query("SELECT ?x {")
        with pytest.raises(QueryForbiddenError):
            graph.ask("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        with pytest.raises(QueryRefusedError, match="nest more than"):
            graph.ask("ASK " + "{" * 200 + "}" * 200)

    def test_what_is_as_long_as_allowed_does_not_run_out_of_stack(self, home: Path) -> None:
        snapshot_of(store_with("one"), home)
        with open_graph(home) as opened:
            assert opened.ask("ASK {" + " OPTIONAL { ?s ?p ?o }" * 300 + " }")
            assert opened.ask("ASK { FILTER(" + " || ".join(["?x"] * 900) + " || true) }")

    def test_a_triple_of_two_graphs_counts_once(self, home: Path) -> None:
        store = Store()
        for name in ("urn:g1", "urn:g2"):
            term = NamedNode("urn:a")
            store.add(Quad(term, term, term, NamedNode(name)))
        snapshot_of(store, home)
        with open_graph(home) as opened:
            assert opened.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"] == 1
            per_graph = opened.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
            assert per_graph[0]["n"] == 2

    def test_rdflib_has_every_quad_with_its_graph_and_its_very_text(
        self, graph: Graph, snapshot: Snapshot
    ) -> None:
        dataset = graph.rdflib()
        store = open_database(snapshot)
        assert len({*dataset.quads()}) == len(store)
        named = {str(each.identifier) for each in dataset.graphs()} - {"urn:x-rdflib:default"}
        assert named == {str(each.value) for each in store.named_graphs()}
        for name in ("vocabulary-drugs", "document-jnccn-2007", "inferred"):
            part = graph.rdflib(name)
            wanted = [each for each in store.named_graphs() if f"/graph/{name}" in str(each)]
            pairs = {
                (str(s), str(o), str(getattr(o, "datatype", "")), str(getattr(o, "language", "")))
                for s, _, o, _ in part.quads()
            }
            expected = {
                shown(quad)
                for each in wanted
                for quad in store.quads_for_pattern(None, None, None, each)
            }
            assert pairs == expected
        with pytest.raises(GraphMissing, match="did you mean vocabulary-drugs"):
            graph.rdflib("vocabulary-drgus")

    def test_constructed_triples_are_an_rdflib_graph(self, graph: Graph) -> None:
        made = graph.construct("CONSTRUCT { ?d rdfs:label ?l } { ?d a :Drug ; rdfs:label ?l }")
        assert len(made) == len(graph.query("SELECT DISTINCT ?d ?l { ?d a :Drug; rdfs:label ?l }"))
        assert "drug:imatinib rdfs:label" in made.serialize()


class TestFilters:
    def test_an_unknown_filter_is_refused_with_a_near_one(self, graph: Graph) -> None:
        with pytest.raises(FilterError, match="did you mean 'histology'") as refused:
            graph.evidence(histolgy="GIST")
        assert refused.value.parameter == "histolgy"
        with pytest.raises(FilterError, match="did you mean 'min_evaluable'"):
            graph.evidence(min_evaluabel=5)
        with pytest.raises(FilterError, match="there is no filter 'limit'"):
            graph.drugs(limit=5)
        with pytest.raises(FilterError, match="did you mean 'family'"):
            graph.paths(drug="imatinib", famly="VEGFR")
        with pytest.raises(FilterError, match="did you mean 'drug-classes'"):
            graph.table("drug_clases")

    def test_an_ill_formed_value_is_refused_by_its_filter(self, graph: Graph) -> None:
        for given, says in (
            ({"min_evaluable": "many"}, "minEvaluable is 'many'"),
            ({"min_evaluable": 9, "max_evaluable": 3}, "nothing can match"),
            ({"drug": " "}, "drug is ' '"),
            ({"as_of": "March"}, "as_of is 'March'"),
            ({"sort": "lable"}, "did you mean 'label'"),
        ):
            with pytest.raises(FilterError, match=says):
                graph.evidence(**given)
        with pytest.raises(FilterError, match="at least one of drug"):
            graph.paths()
        with pytest.raises(FilterError, match="'mechanism', 'tested'"):
            graph.paths(drug="imatinib", kind="cure")

    def test_an_unknown_name_comes_with_what_it_may_mean(self, graph: Graph) -> None:
        for ask in (graph.evidence, graph.paths):
            with pytest.raises(UnknownNameError, match="drug:imatinib") as unknown:
                ask(drug="imatinb")
            assert unknown.value.parameter == "drug"
            assert "drug:imatinib" in [each.id for each in unknown.value.meant]

    def test_an_ambiguous_name_comes_with_all_that_it_means(self, small: Path, home: Path) -> None:
        drugs = small / "data" / "vocabularies" / "twins.yaml"
        drugs.write_text(
            "".join(f"- {{id: 'drug:twin-{n}', type: Drug, label: twin}}\n" for n in (1, 2))
        )
        with (
            open_graph(home) as opened,
            pytest.raises(
                AmbiguousNameError, match="it may be drug:twin-1, drug:twin-2"
            ) as several,
        ):
            opened.evidence(drug="Twin")
        assert [each.id for each in several.value.meant] == ["drug:twin-1", "drug:twin-2"]

    def test_names_of_json_and_of_python_ask_the_same(self, graph: Graph) -> None:
        one = graph.evidence(minEvaluable=30, asOf="2007", drug=["imatinib", "DTIC"])
        other = graph.evidence(min_evaluable=30, as_of="2007", drug=("dacarbazine", "imatinib"))
        assert one.equals(other)
        assert len(one)
        nothing = graph.evidence(min_evaluable=None, drug=None)
        assert len(nothing) == len(graph.evidence())
        with pytest.raises(FilterError, match="given twice"):
            graph.evidence(min_evaluable=30, minEvaluable=10)
        dated = graph.documents(min_issued=date(2010, 1, 1))
        assert dated.equals(graph.documents(min_issued="2010-01-01"))

    def test_values_come_from_frames_and_arrays(self, graph: Graph) -> None:
        wanted = graph.evidence(drug=["imatinib", "sunitinib"], min_evaluable=10, direct=True)
        assert 0 < len(wanted) < len(graph.evidence())
        column = pd.Series(["imatinib", "sunitinib"], dtype="string")
        numpy_ten, numpy_true = pd.array([10])[0], pd.Series([True])[0]
        assert not isinstance(numpy_ten, int)
        assert wanted.equals(
            graph.evidence(drug=column, min_evaluable=numpy_ten, direct=numpy_true)
        )
        assert wanted.equals(
            graph.evidence(drug={"sunitinib", "imatinib"}, min_evaluable=10.0, direct=True)
        )
        year = graph.evidence(as_of=2007)
        assert year.equals(graph.evidence(as_of="2007"))
        assert year.equals(graph.evidence(as_of=pd.Timestamp("2007-12-31")))

    @pytest.mark.parametrize("names", [[], (), {}, pd.Series([], dtype="string"), iter([])])
    def test_no_names_do_not_mean_all(self, graph: Graph, names: Any) -> None:
        for ask in (graph.evidence, graph.paths):
            with pytest.raises(FilterError, match="drug names nothing") as refused:
                ask(drug=names)
            assert refused.value.parameter == "drug"

    @pytest.mark.parametrize("value", [pd.NA, object(), b"imatinib", [pd.NA], float("nan")])
    def test_what_is_no_value_is_refused(self, graph: Graph, value: Any) -> None:
        with pytest.raises(FilterError, match=r"min_?[eE]valuable"):
            graph.evidence(min_evaluable=value)


class TestMissingParts:
    def test_without_pandas_a_frame_says_how_to_get_it(
        self, graph: Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pandas", None)
        with pytest.raises(PandasMissingError, match="pip install pandas"):
            graph.evidence()
        with pytest.raises(PandasMissingError):
            graph.query("SELECT * {}").frame()
        assert len(graph.paths(drug="imatinib", histology="GIST"))

    def test_without_who_answers_the_rest_works(
        self, shipped_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kg.answering, "entry_points", lambda group: ())
        with open_graph(shipped_home) as opened:
            with pytest.raises(AnswersMissingError, match="install sarcoma-kg again"):
                opened.paths(drug="imatinib")
            assert opened.ask("ASK { ?s ?p ?o }")


def store_with(label: str) -> Store:
    store = Store()
    predicate = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store.add(Quad(NamedNode("urn:x"), predicate, Literal(label)))
    return store


def fail_at_the_first_row(results: QuerySolutions) -> None:
    for _ in results:
        raise RuntimeError("half-way")


def labels(graph: Graph) -> list[object]:
    return [row["label"] for row in graph.query("SELECT ?label { ?x rdfs:label ?label }")]


def is_free(snapshot: Snapshot) -> bool:
    with removal_locked(snapshot.directory) as free:
        return free


def shown(quad: Quad) -> tuple[str, str, str, str]:
    """Give subject, object, datatype and language of a quad as rdflib shows them."""
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(quad.object, NamedNode | Literal)
    if isinstance(quad.object, NamedNode):
        return quad.subject.value, quad.object.value, "", ""
    datatype, language = quad.object.datatype.value, quad.object.language
    is_plain = datatype.endswith(("XMLSchema#string", "#langString"))
    kind = "None" if is_plain else datatype
    return quad.subject.value, quad.object.value, kind, str(language)
