"""A real Chromium that opens pages: tests fail on errors in its console, and on what axe finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright

from api.assets.shelf import installed_assets

__all__ = ["Watch", "check_accessibility", "chromium", "screenshot", "site", "tab"]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

_ROOT = Path(__file__).resolve().parent.parent
_AXE = _ROOT / "tests" / "clients" / "node_modules" / "axe-core" / "axe.min.js"
_PICTURES = _ROOT / "build" / "screenshots"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Scheme = Literal["light", "dark"]


@dataclass
class Watch:
    """What went wrong in a page: errors in the console, scripts that failed, what CSP refused."""

    faults: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Note what the console says, if it is an error; of what is missing, ``answer`` tells."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(message.text)

    def answer(self, response: Response) -> None:
        """Note what a page needs and did not get; the page itself may be a problem."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status} {response.url}")

    def fail(self, error: Error) -> None:
        """Note what a script raised."""
        self.faults.append(str(error))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: while it runs, no other event loop can in this thread."""
    program = os.environ.get("CHROMIUM_PROGRAM") or shutil.which("chromium")
    if not program:
        pytest.skip("skipped: no Chromium (apt-get install chromium)")
    if not installed_assets():
        pytest.skip("skipped: the assets were not built (python -m api.assets.build)")
    with sync_playwright() as playwright:
        # Chromium has no sandbox for root, and small shared memory in containers.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@pytest.fixture
def site(address: str) -> str:
    """The address of a server of the shipped graph."""
    return address


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A page of a browser that knows nothing yet; errors in its console fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch()
    page.on("console", watch.hear)
    page.on("pageerror", watch.fail)
    page.on("response", watch.answer)
    yield page
    context.close()
    assert not watch.faults, watch.faults


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """A check that axe finds nothing wrong in what a page shows now."""
    if not _AXE.exists():
        pytest.skip("skipped: no axe-core (npm ci --prefix tests/clients)")

    def check(page: Page) -> None:
        page.evaluate(_AXE.read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run({runOnly: rules})", _RULES)
        violations = [
            f"{each['id']}: {each['help']}: {node['html'][:200]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert not violations, "\n".join(violations)

    return check


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """What keeps pictures of a page as it is, wide and narrow, light and dark, to be looked at."""

    def keep(page: Page, name: str) -> None:
        before = page.viewport_size
        for size, shown in ((DESKTOP, "desktop"), (PHONE, "phone")):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            for scheme in ("light", "dark"):
                _take(page, scheme, f"{name}-{shown}-{scheme}")
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    return keep


def _take(page: Page, scheme: Scheme, name: str) -> None:
    page.emulate_media(color_scheme=scheme)
    _PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(_PICTURES / f"{name}.png"), full_page=True)
