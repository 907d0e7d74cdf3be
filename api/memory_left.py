"""How much memory the system could give to another process now."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["memory_left"]

_AVAILABLE = re.compile(r"^MemAvailable:\s+(\d+) kB$", re.MULTILINE)


def memory_left(told: Path = Path("/proc/meminfo")) -> int:
    """Return the bytes that are free or could be freed; half of all where the system says none."""
    try:
        found = _AVAILABLE.search(told.read_text(encoding="ascii"))
    except OSError:
        found = None
    if found:
        return int(found[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
