"""Imports in folders: read, replaced, removed, and what damaged ones say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from import_lines import make_lines_order, shipped_with_imports, write_records

from kg.importing.folder import Counts, Description, Import, ImportDamagedError, find_imports
from kg.importing.keeping import FolderTarget, HomeTarget, ImportMissing, remove_import
from kg.importing.run import run_import
from kg.shipped import Shipped

DESCRIPTION = Description(
    name="a",
    title="A",
    source="https://example.org/",
    version="",
    licence="",
    attribution="",
    retrieved="2026-01-01",
    files={"a.json": "ab"},
    digest="cd",
    terms="ef",
    only_matched=False,
    counts=Counts(read=2, kept=1, rejects={"unreadable": 1}),
)


@pytest.fixture
def shipped(tmp_path: Path) -> Shipped:
    return shipped_with_imports(tmp_path / "shipped")


@pytest.fixture
def own(shipped: Shipped, tmp_path: Path, home: Path) -> Import:
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", [{"id": "own"}]))
    return run_import(order, HomeTarget(home, "lines")).made


def test_a_description_is_read_as_it_was_written() -> None:
    assert Description.from_json(DESCRIPTION.to_json()) == DESCRIPTION
    for broken in ("", "[]", "{}", '{"name": 1}', DESCRIPTION.to_json().replace("title", "tile")):
        with pytest.raises(ValueError, match=r"."):
            Description.from_json(broken)


def test_an_import_of_the_home_replaces_the_shipped_one_until_it_is_removed(
    own: Import, shipped: Shipped, tmp_path: Path, home: Path
) -> None:
    order = make_lines_order(shipped, write_records(tmp_path / "a.jsonl", [{"id": "shipped"}]))
    run_import(order, FolderTarget(shipped.data / "imports" / "lines"))
    assert [(each.name, each.is_shipped) for each in find_imports(None, shipped)] == [
        ("lines", True)
    ]
    (found,) = find_imports(home, shipped)
    assert (found.is_shipped, found.digest) == (False, own.digest)
    assert found.graph == "https://w3id.org/sarcoma-kg/graph/import-lines"
    found.check()
    remove_import(home, "lines")
    (found,) = find_imports(home, shipped)
    assert found.is_shipped
    assert [path.name for path in (home / "imports").iterdir()] == [".lines.lock"]
    with pytest.raises(ImportMissing, match="no import 'lines'"):
        remove_import(home, "lines")


@pytest.mark.parametrize("damage", ["{", "{}", None])
def test_a_damaged_description_says_what_to_do(
    damage: str | None, own: Import, shipped: Shipped, home: Path
) -> None:
    path = own.directory / "import.json"
    if damage is None:
        path.unlink()
    else:
        path.write_text(damage)
    with pytest.raises(ImportDamagedError, match="sarcoma-kg import --remove lines"):
        find_imports(home, shipped)
    remove_import(home, "lines")
    assert find_imports(home, shipped) == ()


def test_a_graph_that_was_changed_or_is_gone_is_told(own: Import) -> None:
    own.check()
    with own.nquads.open("a") as file:
        file.write("\n")
    with pytest.raises(ImportDamagedError, match=r"graph\.nq was changed"):
        own.check()
    own.nquads.unlink()
    with pytest.raises(ImportDamagedError, match="no such file"):
        own.check()


def test_a_folder_that_a_user_put_there_is_an_import_too(
    own: Import, shipped: Shipped, home: Path, tmp_path: Path
) -> None:
    link = home / "imports" / "lines"
    copied = home / "imports" / "copied"
    copied.mkdir()
    for path in link.iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    values = json.loads((copied / "import.json").read_text())
    (copied / "import.json").write_text(json.dumps({**values, "name": "copied"}))
    assert [each.name for each in find_imports(home, shipped)] == ["copied", "lines"]
    remove_import(home, "copied")
    link.unlink()
    assert find_imports(home, shipped) == ()


def test_what_is_hidden_is_no_import(own: Import, shipped: Shipped, home: Path) -> None:
    (home / "imports" / ".importing-other").mkdir()
    assert len(find_imports(home, shipped)) == 1
    assert find_imports(home / "nowhere", shipped) == ()
