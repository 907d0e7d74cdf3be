"""Texts that atheris finds by following the branches they take."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SECONDS = 120
DICTIONARY = (
    *("SERVICE", "VALUES", "PREFIX", "true", "<urn:x>", "<<(", ")>>", "{|", "|}", "'''", "[", "("),
    *("INSERT DATA {", "<!--", "<![CDATA[", "<!DOCTYPE", "]]>", "@context", "e:a.b", "?x", "||"),
)


@pytest.mark.soak
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is not installed: pip install it"
)
def test_no_text_breaks_what_reads_it_first(tmp_path: Path) -> None:
    words = "".join(f'"{word}"\n' for word in DICTIONARY)
    dictionary = tmp_path / "words"
    dictionary.write_text(words)
    ended = subprocess.run(
        [
            *(sys.executable, str(HERE / "coverage_guided.py"), str(tmp_path)),
            *(f"-max_total_time={SECONDS}", "-max_len=4096", "-timeout=5", "-print_final_stats=1"),
            *(f"-dict={dictionary}", f"-artifact_prefix={tmp_path}/"),
        ],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS + 120,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
