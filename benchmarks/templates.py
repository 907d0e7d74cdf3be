"""Made-up records, read and gated by the project's own build, as templates of quads."""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.tokens import TOKEN, Tokens
from benchmarks.unit import Vocabulary
from benchmarks.unit_records import document_record, driver_records, unit_records
from kg.assembly import assemble
from kg.namespaces import read_namespaces
from kg.nquads import canonical_quads
from kg.problem import Refused, Severity
from kg.shipped import Shipped, find_shipped
from kg.sources import find_sources

__all__ = ["Template", "Templates", "compile_templates"]

KINDS = 40
"""How many drugs with other results, targets and tumours stand behind the made-up ones."""

_BACKGROUND = "benchmark-background"
_DOCUMENT = re.compile(r"<[^>]*/document/zzd\d{4}zz>")
_KEPT = ("vocabularies", "reference", "documents")


@dataclass(frozen=True)
class Template:
    """Sorted lines of N-Quads in which tokens stand for what is the unit's own."""

    pieces: tuple[str, ...]
    size: int

    @classmethod
    def of(cls, lines: Sequence[str]) -> Template:
        """Return the template of some lines of N-Quads."""
        return cls(tuple(re.split(f"({TOKEN.pattern})", "\n".join(sorted(lines)))), len(lines))

    def lines(self, tokens: Tokens) -> list[str]:
        """Return its lines for one unit."""
        found = list(self.pieces)
        known = {token: tokens.find(token) for token in set(found[1::2])}
        found[1::2] = [known[token] for token in found[1::2]]
        return "".join(found).split("\n")


@dataclass(frozen=True)
class Templates:
    """What stays as it is, what a document is, and the drugs to choose from."""

    fixed: tuple[str, ...]
    document: Template
    units: tuple[Template, ...]


def compile_templates(seed: int, *, shipped: Shipped | None = None) -> Templates:
    """Return the templates of a seed, with what the shipped rules infer of them.

    Raises Refused where a made-up record breaks a shape, a check or the context, a note aside.
    """
    found, draw = shipped or find_shipped(), Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="sarcoma-kg-benchmark-") as folder:
        root = Shipped(Path(folder))
        _lay_out(found, root)
        _write_records(root, _read_vocabulary(found), draw)
        assembly = assemble(root, find_sources(root))
    grave = [each for each in assembly.problems if each.severity is not Severity.INFO]
    if grave:
        raise Refused(grave)
    return _split(canonical_quads(assembly.store).decode().splitlines())


def _lay_out(found: Shipped, root: Shipped) -> None:
    root.ontology.symlink_to(found.ontology)
    root.shapes.symlink_to(found.shapes)
    root.data.mkdir()
    for kind in _KEPT:
        (root.data / kind).mkdir()
        for path in sorted((found.data / kind).glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            (root.data / kind / path.name).write_text(_without_trial(text), encoding="utf-8")


def _without_trial(text: str) -> str:
    r"""Return a record of a registration as one of a review: its trial is not in the graph.

    >>> _without_trial("type: TrialRegistration\nlabel: a\ndescribesTrial: b\n")
    'type: ReviewArticle\nlabel: a\n'
    """
    lines = text.replace("type: TrialRegistration\n", "type: ReviewArticle\n").splitlines(True)
    return "".join(line for line in lines if not line.startswith("describesTrial:"))


def _write_records(root: Shipped, words: Vocabulary, draw: Random) -> None:
    drugs = []
    for number in range(KINDS):
        tokens = Tokens.of_template(number)
        drug, (reference, *records) = unit_records(tokens, words, draw)
        drugs.append(drug)
        _write(root.data / "documents", tokens.document, document_record(tokens) | reference)
        _write(root.data / "studies" / tokens.document, "all", records)
    path = root.data / "vocabularies" / "drugs.yaml"
    with path.open("a", encoding="utf-8") as file:
        file.write(_as_items(drugs))
    background = Tokens(0, _BACKGROUND, _BACKGROUND, ("1", "2"), "0" * 10, "2000-01-01")
    _write(root.data / "documents", _BACKGROUND, document_record(background))
    drivers = list(driver_records(background, words, draw))
    _write(root.data / "studies" / _BACKGROUND, "drivers", drivers)


def _write(folder: Path, name: str, records: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = _as_items(records) if isinstance(records, list) else f"{json.dumps(records)}\n"
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _as_items(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"- {json.dumps(record)}\n" for record in records)


def _read_vocabulary(shipped: Shipped) -> Vocabulary:
    namespaces = read_namespaces(shipped.context)
    tree = (shipped.ontology / "histology.ttl").read_text(encoding="utf-8")
    prefix = namespaces.expand("histology:")
    names = set(re.findall(rf"^(?:histology:|<{prefix})([a-z0-9-]+)>? a ", tree, re.MULTILINE))

    def slugs(name: str, kind: str = "vocabularies") -> tuple[str, ...]:
        text = (shipped.data / kind / f"{name}.yaml").read_text(encoding="utf-8")
        records = yaml.load(text, Loader=yaml.CSafeLoader)
        return tuple(sorted(record["id"].partition(":")[2] for record in records))

    return Vocabulary(
        histologies=tuple(sorted(names)),
        targets=slugs("targets"),
        classes=slugs("drug-classes"),
        comorbidities=slugs("comorbidities"),
        organisations=slugs("organisations"),
    )


def _split(lines: Iterable[str]) -> Templates:
    fixed: list[str] = []
    document: list[str] = []
    units: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if not TOKEN.search(line):
            fixed.append(line)
            continue
        owner = _number(line)
        if not (_DOCUMENT.match(line) or "/graph/catalogue>" in line):
            units[owner].append(line)
        elif owner == "0000":
            document.append(line)
    chosen = tuple(Template.of(units[owner]) for owner in sorted(units))
    return Templates(tuple(fixed), Template.of(document), chosen)


def _number(line: str) -> str:
    """Return the number of the template that a line belongs to."""
    found = re.search(r"zz[nd](\d{4})zz|9{6}(\d{4})[12]9|abcdef(\d{4})", line)
    assert found is not None
    return str(next(filter(None, found.groups())))
