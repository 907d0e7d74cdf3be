"""One locator finds the shipped folders, in a wheel and in an editable install."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from kg.shipped import find_shipped

CHECKOUT = Path(__file__).resolve().parents[1]
SAY_ROOT = "from kg.shipped import find_shipped; print(find_shipped().root)"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked where an installer would put it."""
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(CHECKOUT)).build(directory=str(folder), versions=["standard"])
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_an_editable_install_finds_the_folders_of_the_checkout() -> None:
    assert find_shipped().root == CHECKOUT


def test_a_wheel_finds_the_folders_that_travel_in_it(unpacked: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAY_ROOT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(said.stdout.strip()) == unpacked / "kg" / "bundle"


@pytest.mark.parametrize("folder", ["ontology", "shapes", "data"])
def test_nothing_shipped_is_left_out_of_the_wheel(unpacked: Path, folder: str) -> None:
    shipped = {path.relative_to(CHECKOUT) for path in (CHECKOUT / folder).rglob("*.*")}
    carried = unpacked / "kg" / "bundle"
    assert {path for path in shipped if not (carried / path).is_file()} == set()


def test_without_the_folders_the_error_says_how_to_mend_it(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "kg").mkdir()
    for name in ("__init__.py", "shipped.py"):
        (tmp_path / "kg" / name).write_bytes((unpacked / "kg" / name).read_bytes())
    said = subprocess.run(
        [sys.executable, "-P", "-c", SAY_ROOT],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "reinstall sarcoma-kg" in said.stderr
