"""Notebooks of the documentation, run by a kernel of their own.

``python tests/notebooks.py`` runs them all and keeps what they print, after the records changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

__all__ = ["NOTEBOOKS", "outputs_of", "read_notebook", "run_apart"]

NOTEBOOKS = Path(__file__).resolve().parent.parent / "docs" / "notebooks"


def read_notebook(name: str) -> NotebookNode:
    return read((NOTEBOOKS / name).read_text(encoding="utf-8"))


def read(text: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def write(notebook: NotebookNode) -> str:
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]


def run_apart(notebook: NotebookNode, environment: Mapping[str, str]) -> NotebookNode:
    """Give a notebook with its outputs, run from another process: sockets are left open in it."""
    done = subprocess.run(
        [sys.executable, __file__, "-"],
        input=write(notebook),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return read(done.stdout)


def run(notebook: NotebookNode) -> None:
    """Run all cells, and keep their outputs; raises CellExecutionError for one that fails."""
    with TemporaryDirectory() as folder:
        # Sockets in a folder, and no ports: nobody else can reach the kernel.
        kernel = AsyncKernelManager(
            kernel_name="python3", transport="ipc", ip=str(Path(folder) / "kernel")
        )
        NotebookClient(notebook, km=kernel, timeout=120, record_timing=False).execute()
    for cell in notebook.cells:
        # Kernels number what they do, and say who they are.
        if cell.cell_type == "code":
            cell.execution_count = None
    notebook.metadata["language_info"] = {"name": "python"}


def outputs_of(notebook: NotebookNode) -> dict[str, str]:
    """Give what each cell printed, by its id."""
    return {
        cell.id: "".join(output.text for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def main(*arguments: str) -> None:
    if arguments:
        notebook = read(sys.stdin.read())
        run(notebook)
        sys.stdout.write(write(notebook))
        return
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = read_notebook(path.name)
        run(notebook)
        path.write_text(write(notebook), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
