"""Where the shipped ontology, shapes and data lie: in a wheel, or beside the packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Shipped", "find_shipped"]


@dataclass(frozen=True)
class Shipped:
    """The folders that a build reads."""

    root: Path

    @property
    def ontology(self) -> Path:
        """The folder of the ontology, the context of the records and the rules."""
        return self.root / "ontology"

    @property
    def context(self) -> Path:
        """The JSON-LD context: what each key of a record means."""
        return self.ontology / "context.jsonld"

    @property
    def shapes(self) -> Path:
        """The folder of the SHACL shapes and the set-based checks."""
        return self.root / "shapes"

    @property
    def data(self) -> Path:
        """The folder of the curated records."""
        return self.root / "data"


def find_shipped() -> Shipped:
    """Return the shipped folders of this installation.

    A wheel carries them inside the package (``kg/bundle``); an editable install, which a
    build backend gives no such copy, finds them in the checkout beside the package.

    >>> find_shipped().ontology.joinpath("sarcoma.ttl").is_file()
    True
    """
    package = Path(__file__).resolve().parent
    for root in (package / "bundle", package.parent):
        if (root / "ontology" / "sarcoma.ttl").is_file():
            return Shipped(root)
    raise FileNotFoundError(
        f"no ontology/sarcoma.ttl in {package / 'bundle'} or {package.parent}; "
        "reinstall sarcoma-kg, or install it from its checkout with pip install -e ."
    )
