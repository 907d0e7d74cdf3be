"""The mappings of targets, found in the idmap by the symbol of their gene."""

from __future__ import annotations

from collections.abc import Iterator

from mapping_sets import BY_CHAIN, BY_HAND, CLOSE, EXACT, Mapping, MappingSet, make_set
from mapping_sources import Row, Sources, Term

_SYSTEMS = {
    "hgnc": ("hgnc", "HGNC"),
    "ncbigene": ("ncbigene", "NCBIGENE"),
    "uniprot": ("uniprot", "UNIPROT"),
    "ensembl": ("ensembl", "ENSEMBL"),
    "chembl": ("chembl_target", "CHEMBL.TARGET"),
}
_GENE = "The gene {symbol}; a target of this graph stands for the gene and for what it codes for."
_PROTEIN = "The protein of the gene {symbol}."
_TWO = "One of two proteins of the gene {symbol}, {ids}; no file says which is meant."
_LONG_FORM = "Its name there is that of the long form alone."


def target_sets(sources: Sources) -> Iterator[MappingSet]:
    """Yield the set of each system."""
    terms = {term.code: term for term in sources.records("targets") if term.code}
    for system, (column, prefix) in _SYSTEMS.items():
        found = [
            mapping
            for row in sources.idmap("targets")
            for mapping in _map(row, column, prefix, terms[row["symbol"]])
        ]
        yield make_set("targets", system, prefix, found)


def _map(row: Row, column: str, prefix: str, term: Term) -> Iterator[Mapping]:
    ids = [each.removeprefix(f"{prefix}:") for each in row[column].split(", ") if each]
    for identifier in ids:
        predicate, justification, comment = _judge(row, column, ids)
        label = {"hgnc": row["name"], "chembl_target": row["chembl_target_name"]}.get(column, "")
        curie = f"{prefix}:{identifier}"
        yield Mapping(term.curie, curie, predicate, term.label, label, justification, comment)


def _judge(row: Row, column: str, ids: list[str]) -> tuple[str, str, str]:
    symbol = row["symbol"]
    if len(ids) > 1:
        return CLOSE, BY_CHAIN, _TWO.format(symbol=symbol, ids=" and ".join(ids))
    if "long form" in row["chembl_target_name"] and column == "chembl_target":
        return CLOSE, BY_HAND, f"{_PROTEIN.format(symbol=symbol)} {_LONG_FORM}"
    is_protein = column in ("uniprot", "chembl_target")
    return EXACT, BY_CHAIN, (_PROTEIN if is_protein else _GENE).format(symbol=symbol)
