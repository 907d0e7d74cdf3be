"""The documentation of an ontology for people, made by pyLODE in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field

__all__ = ["DocumentationError", "OntologySource", "make_documentation"]

_SECONDS = 60.0


class DocumentationError(RuntimeError):
    """The documentation of an ontology cannot be made; the message says why."""


@dataclass(frozen=True)
class OntologySource:
    """What the documentation is made of.

    ``triples`` are the N-Triples of the ontology, ``prefixes`` shorten the names that are shown,
    and ``shapes`` are texts in Turtle that say what instances must have.
    """

    iri: str
    triples: str
    prefixes: dict[str, str] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()


def make_documentation(source: OntologySource) -> str:
    """Return the documentation as the body of a page; the same text for the same source.

    pyLODE sets up the logging of its whole process, and takes seconds: it gets one of its own.
    Raises DocumentationError.
    """
    # Sets of texts would come in another order each time.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    try:
        made = subprocess.run(
            [sys.executable, "-P", "-m", "kg.ontology_process"],
            input=json.dumps(asdict(source)).encode(),
            capture_output=True,
            check=True,
            env=environment,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise DocumentationError(f"{source.iri} took longer than {_SECONDS:.0f} s") from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise DocumentationError(f"{source.iri} cannot be documented: {last}") from None
    return made.stdout.decode()
