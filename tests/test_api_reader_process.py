"""A process that holds a large graph for a while answers the server as its engine does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

import api.reader_process
from api.canned import Term, each_row
from api.engine import Engine
from api.failures import QueryCrashed, QueryTimedOut
from api.memory_left import memory_left
from api.messages import Head, QueryRequest
from api.reader_process import ReaderProcess
from api.reply import Reply
from kg.base import FilesBase, build
from kg.snapshot import Snapshot

_QUERY = "SELECT DISTINCT ?s ?o { ?s e:p ?o } ORDER BY ?s ?o"
_JSON = "application/sparql-results+json"
_OTHER = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'


@dataclass
class _Engine:
    """Counts what it is asked."""

    snapshot: Snapshot
    asked: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def ask_for_server(self, request: QueryRequest) -> AsyncIterator[Reply]:
        self.asked.append(request.query)
        yield Reply(Head("SELECT", _JSON, _JSON, is_volatile=False), _OTHER, self.snapshot.id)


@pytest.fixture
def engine(tmp_path: Path, home: Path) -> _Engine:
    path = tmp_path / "given.nq"
    path.write_text(
        '<http://e.org/a> <http://e.org/p> "Ä\\n" <http://e.org/g> .\n'
        "<http://e.org/b> <http://e.org/p> <http://e.org/c> <http://e.org/g> .\n"
        "<http://e.org/b> <http://e.org/p> <http://e.org/c> <http://e.org/h> .\n"
    )
    return _Engine(build(FilesBase.of([path]), home))


def _reader(engine: _Engine, *, idle: float = 60) -> ReaderProcess:
    return ReaderProcess(cast(Engine, engine), {"e": "http://e.org/"}, idle=idle)


async def _rows(reader: ReaderProcess, query: str = _QUERY) -> list[dict[str, Term]]:
    return [*await each_row(cast(Engine, reader), query)]


def _pid(reader: ReaderProcess) -> int | None:
    return None if reader._process is None else reader._process.pid


def test_it_answers_from_the_snapshot_and_asks_nobody(engine: _Engine) -> None:
    async def ask() -> None:
        reader = _reader(engine)
        first, second = await each_row(cast(Engine, reader), _QUERY), await _rows(reader)
        # An answer is read from a file of its own, whatever was asked since.
        assert [*first] == second
        assert [each["o"].value for each in second] == ["Ä\n", "http://e.org/c"]
        assert reader.snapshot == engine.snapshot
        with pytest.raises(QueryCrashed, match=r"syntax|SPARQL"):
            await _rows(reader, "SELECT nothing")
        assert len(await _rows(reader)) == 2
        reader.close()

    asyncio.run(ask())
    assert engine.asked == []


def test_it_ends_when_idle_and_starts_again_when_asked(engine: _Engine) -> None:
    async def ask() -> None:
        reader = _reader(engine, idle=0.2)
        await _rows(reader)
        first = _pid(reader)
        assert first
        for _ in range(100):
            await asyncio.sleep(0.05)
            if _pid(reader) is None:
                break
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        assert len(await _rows(reader)) == 2
        reader.close()
        assert _pid(reader) is None

    asyncio.run(ask())


def test_the_engine_is_asked_where_the_process_died_or_has_no_room(
    engine: _Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask() -> None:
        reader = _reader(engine)
        await _rows(reader)
        found = _pid(reader)
        assert found
        os.kill(found, signal.SIGKILL)
        assert await _rows(reader) == []
        assert await _rows(reader) == []
        assert _pid(reader) is None
        monkeypatch.setattr(api.reader_process, "memory_left", lambda: 1000)
        assert await _rows(_reader(engine)) == []

    asyncio.run(ask())
    assert engine.asked == [_QUERY] * 3


def test_a_query_that_takes_too_long_ends_the_process(engine: _Engine) -> None:
    async def ask() -> None:
        reader = _reader(engine)
        await _rows(reader)
        first = _pid(reader)
        many = "{ ?a ?b ?c } UNION { BIND (1 AS ?a) } " * 4
        crossed = " ".join(f"{{ {many.replace('?', f'?x{n}')} }}" for n in range(9))
        with pytest.raises(QueryTimedOut):
            await each_row(
                cast(Engine, reader), f"SELECT (COUNT(*) AS ?s) {{ {crossed} }}", seconds=0.3
            )
        assert _pid(reader) != first
        reader.close()

    asyncio.run(ask())


def test_memory_left_is_what_the_system_says(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal: 9 kB\nMemAvailable:      5 kB\n")
    assert memory_left(told) == 5 * 1024
    assert memory_left(tmp_path / "none") > 1 << 20
    assert memory_left() > 1 << 20
