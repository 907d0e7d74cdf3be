"""What several test modules share: the shipped graph, built and served; a small one to edit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from browsing import check_accessibility, chromium, screenshot, site, tab  # noqa: F401 - fixtures
from command_lines import READERS_OF_SHIPPED, Cli, Outcome
from fronted import fronted  # noqa: F401 - a fixture
from miniature import MINIATURE, write
from pyoxigraph import Store
from serving import engine_of, running, settings_of

from api.application import create_app
from kg.build import Assembly, assemble, build
from kg.cli import app, run
from kg.settings import PREFIX
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot, open_database
from kg.sources import find_sources

# A program, which needs a package that the tests do not.
collect_ignore = ["coverage_guided.py"]


@pytest.fixture(scope="session")
def assembly() -> Assembly:
    """The shipped graph in memory, without imports: read, gated, inferred from. Never change it."""
    shipped = find_shipped()
    return assemble(shipped, find_sources(shipped))


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """What a build makes of an installation: the shipped graph with the shipped imports."""
    return build(find_shipped(), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def served_store(snapshot: Snapshot) -> Store:
    """The quads of that snapshot, which nobody can change."""
    return open_database(snapshot)


@pytest.fixture(scope="session")
def address(snapshot: Snapshot) -> Iterator[str]:
    """The address of a server of the shipped graph, with two query workers."""
    served = create_app(settings_of(snapshot.directory), engine_of(snapshot))
    with running(served) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server."""
    found = httpx.Client(base_url=address, timeout=30)
    yield found
    found.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the miniature graph, to edit."""
    return Path(shutil.copytree(MINIATURE, tmp_path / "shipped"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for snapshots that is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def cli(
    root: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """The command line over the miniature graph, with a template, and no setting but its home."""
    template = "id: drug:{slug}\ntype: Drug\nlabel: {slug}\n"
    write(root / "data" / "templates" / "drug.yaml", template)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SARCOMA_KG_HOME", str(home))
    monkeypatch.chdir(home.parent)
    for name in READERS_OF_SHIPPED:
        monkeypatch.setattr(import_module(f"kg.cli.{name}"), "find_shipped", lambda: Shipped(root))

    def call(*arguments: str) -> Outcome:
        code = run(app, arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
