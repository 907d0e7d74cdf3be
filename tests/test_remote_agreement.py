"""The whole API on engines elsewhere: what the embedded engine answers, they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from remote_engines import find_missing, oxigraph, published, remote_engine, virtuoso
from remote_questions import all_questions, answers_of, rounded
from serving import engine_of, running, settings_of

from api.application import create_app
from api.engine import Engine
from kg.snapshot import Snapshot

ENGINES = {"oxigraph": oxigraph, "virtuoso": virtuoso}

_SEARCH = "search functions are of the embedded engine: refused, and 400 says so"
_COMPILER = "its compiler fails: SP031 or SQ156"
_UNBOUND = "a value of an OPTIONAL stays unbound, or a row is lost; the cause is not known"
_PATH = "a path of any length lacks its start, or finds an end twice"
EXCEPTIONS: dict[str, dict[tuple[str, str], str]] = {
    "oxigraph": {("examples", "a-thing-by-a-mistyped-name"): _SEARCH},
    "virtuoso": {
        ("examples", "a-thing-by-a-mistyped-name"): _SEARCH,
        ("examples", "graphs-and-their-sizes"): _COMPILER,
        ("examples", "rules-and-their-yield"): _COMPILER,
        ("examples", "narrower-tumours"): _PATH,
        ("queries", "staging-of-limb-myxoid-liposarcoma"): _PATH,
        ("queries", "bone-sarcomas-in-studies"): _UNBOUND,
        ("queries", "gains-in-progression"): _UNBOUND,
        ("queries", "ret-inhibitor-outcomes"): _UNBOUND,
        ("canned", "findings"): "CONCAT with an unbound value keeps its empty text otherwise",
        ("canned", "ontology-default"): "it takes longer than the time limit",
        ("canned", "void-datatypes"): "a text with a language has no datatype",
        ("canned", "void-links"): "DISTINCT within a join loses some rows in a thousand",
        ("route", "/drug/imatinib?format=jsonld"): "it takes longer than the time limit",
        ("route", "/histology/leiomyosarcoma?format=nt"): "it takes longer than the time limit",
        ("trapi", "attribute matches"): _UNBOUND,
        ("trapi", "attribute of a node"): _UNBOUND,
    },
}
"""What an engine may answer otherwise, and why: by its kind and name."""


@contextmanager
def _client(engine: Engine, home: Path) -> Iterator[httpx.Client]:
    app = create_app(settings_of(home, query_timeout=120), engine)
    with running(app) as address, httpx.Client(base_url=address, timeout=180) as client:
        yield client


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_answers_alike(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    if missing := find_missing(name):
        pytest.skip(missing)
    clean = rounded if name == "virtuoso" else _as_it_is
    questions = all_questions()
    with _client(engine_of(snapshot), tmp_path) as client:
        wanted = answers_of(client, questions, clean)
    _, quads = published(snapshot)
    with (
        ENGINES[name](tmp_path, quads) as address,
        _client(remote_engine(address, tmp_path), tmp_path) as client,
    ):
        found = answers_of(client, questions, clean)
    differing = {key for key in wanted if found[key] != wanted[key]}
    kinds = sorted({kind for kind, _ in wanted})
    for kind in kinds:
        asked = [key for key in wanted if key[0] == kind]
        print(f"{name}: {kind} {sum(key not in differing for key in asked)} of {len(asked)}")
    new = {key: _difference(found[key], wanted[key]) for key in differing - {*EXCEPTIONS[name]}}
    assert not new, "\n".join(f"{key}: {value}" for key, value in sorted(new.items()))


def _as_it_is(answer: Any) -> Any:
    return answer


def _difference(found: Any, wanted: Any) -> str:
    try:
        return f"more {str(found - wanted)[:500]}, less {str(wanted - found)[:500]}"
    except TypeError:
        pairs = enumerate(zip(str(found), str(wanted), strict=False))
        at = max(0, next((at for at, (one, other) in pairs if one != other), 0) - 100)
        return f"{str(found)[at : at + 300]!r}, not {str(wanted)[at : at + 300]!r}"
