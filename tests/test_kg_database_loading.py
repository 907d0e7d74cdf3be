"""The database of a snapshot: what it holds, whatever its size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from kg.database_loading import write_database
from kg.nquads import canonical_quads, read_quads


@pytest.mark.parametrize("one_load", [0, 1 << 30])
def test_a_compacted_database_holds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_load: int
) -> None:
    compacted = list[str]()

    class Noting:
        def __init__(self, path: str) -> None:
            self._path, self._store = path, Store(path)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._store, name)

        def optimize(self) -> None:
            compacted.append(self._path)
            self._store.optimize()

    monkeypatch.setattr("kg.database_loading.Store", Noting)
    monkeypatch.setattr("kg.database_loading._SMALL", 100)
    monkeypatch.setattr("kg.database_loading._ONE_LOAD", one_load)
    lines = sorted(f"<e:s{n}> <e:p> _:c14n{n % 3} <e:g> .\n" for n in range(50))
    lines += sorted(f"<e:t{n}> <e:p> <e:o> <e:g> .\n" for n in range(50))
    quads = tmp_path / "data.nq"
    quads.write_text("".join(lines))
    write_database(tmp_path / "database", quads)
    assert bool(compacted) is (one_load == 0)
    store = Store.read_only(str(tmp_path / "database"))
    assert len(store) == 100
    expected = Store()
    expected.extend(read_quads(quads))
    assert canonical_quads(store) == canonical_quads(expected)
