"""What a build reads, as digests: the same inputs need no second build."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pyoxigraph
import shacl

import kg
from kg.shipped import Shipped
from kg.sources import Source

__all__ = ["TOOLS", "Inputs", "digest_rules", "inputs_of", "read_inputs"]

TOOLS: Mapping[str, str] = {"pyoxigraph": pyoxigraph.__version__, "shacl": shacl.__version__}

_IMPORTS = "imports/"
_RULES = "ontology/rules/"


@dataclass(frozen=True)
class Inputs:
    """The SHA-256 of every file by its portable name, and one digest of them all.

    ``digest`` covers the code of this package and the versions of its engines too, so that a
    snapshot is made anew when they change, even if it comes out the same. ``journal`` is how
    many accepted writes were applied; the digest covers them one after the other.
    """

    digest: str
    files: Mapping[str, str]
    journal: int = 0

    @property
    def rules(self) -> dict[str, str]:
        """The SHA-256 of every rule of inference by its portable name."""
        return {name: digest for name, digest in self.files.items() if name.startswith(_RULES)}

    @property
    def imports(self) -> dict[str, str]:
        """The SHA-256 of the description of every import by its portable name."""
        return {name: digest for name, digest in self.files.items() if name.startswith(_IMPORTS)}

    def with_write(self, digest: str) -> Inputs:
        """Return the inputs with one more entry of the journal, by its SHA-256.

        >>> Inputs("ab", {}).with_write("cd").journal
        1
        """
        return Inputs(_sha256(f"{self.digest}\n{digest}".encode()), self.files, self.journal + 1)


def read_inputs(
    shipped: Shipped, sources: Iterable[Source], imports: Mapping[str, str] = MappingProxyType({})
) -> Inputs:
    """Return the digests of the sources, and of the context, rules, shapes, checks and code.

    ``imports`` are the digests of what was imported, by portable names.
    """
    paths = {file.name: file.path for source in sources for file in source.files}
    paths |= dict(_definitions(shipped))
    read = {name: _sha256(path.read_bytes()) for name, path in paths.items()}
    return inputs_of(dict(sorted({**read, **imports}.items())))


def digest_rules(shipped: Shipped) -> dict[str, str]:
    """Return the SHA-256 of every rule of inference by its portable name."""
    return {
        name: _sha256(path.read_bytes())
        for name, path in _definitions(shipped)
        if name.startswith(_RULES)
    }


def inputs_of(files: Mapping[str, str]) -> Inputs:
    """Return the inputs of files by their names and digests, read by this code."""
    whole = {**files, **_code(), **TOOLS}
    text = "".join(f"{name}\t{value}\n" for name, value in sorted(whole.items()))
    return Inputs(_sha256(text.encode("utf-8", "surrogateescape")), files)


def _definitions(shipped: Shipped) -> Iterator[tuple[str, Path]]:
    patterns = ("ontology/*.jsonld", "ontology/rules/*.rq", "shapes/*.ttl", "shapes/checks/*.rq")
    for pattern in patterns:
        for path in shipped.root.glob(pattern):
            yield path.relative_to(shipped.root).as_posix(), path


def _code() -> dict[str, str]:
    package = Path(kg.__file__).parent
    modules = sorted(package.rglob("*.py"))
    return {
        f"kg/{path.relative_to(package).as_posix()}": _sha256(path.read_bytes()) for path in modules
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
