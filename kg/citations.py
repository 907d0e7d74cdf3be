"""Citations: the passages of claims checked against the texts they cite, and new ones made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad, Triple

from kg.claims import ONTOLOGY, Claim, Statement, find_text_digests, find_text_lengths, read_claims
from kg.document_texts import read_texts
from kg.passages import Passage, check_passage, make_passage, passage_text
from kg.places import Places
from kg.printed_numbers import missing_numbers
from kg.problem import Place, Problem
from kg.sentences import units
from kg.snippets import Snippet, get_range, is_printed

__all__ = ["CitationReport", "Finding", "check_citations", "check_claims", "cite", "get_text"]


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong with the citation of a claim; ``subject`` is the node that says it."""

    claim: str
    subject: str
    message: str
    predicate: str | None = None


@dataclass(frozen=True)
class CitationReport:
    """What a check of citations found.

    ``checked`` counts the claims whose document's text was at hand; ``unchecked`` counts the
    others by document. Claims without a text have not passed.
    """

    checked: int
    unchecked: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every claim was checked and none found wanting."""
        return not self.unchecked and not self.findings

    def summary(self) -> str:
        """Return a line on the claims checked, and one on each document whose text is missing.

        >>> print(CitationReport(3, {"document:jnccn-2007": 2}, ()).summary())
        3 claims checked, 0 problems
        2 claims not checked: no documents (the text of document:jnccn-2007 is not at hand)
        """
        rows = [f"{_counted(self.checked, 'claim')} checked, {self._problem_count()}"]
        if not self.checked:
            rows = []
        rows += [
            f"{_counted(count, 'claim')} not checked: no documents "
            f"(the text of {document} is not at hand)"
            for document, count in sorted(self.unchecked.items())
        ]
        return "\n".join(rows) or "no claims to check"

    def problems(self, places: Places) -> tuple[Problem, ...]:
        """Return the findings as problems, each with the file and line of what says it."""
        return tuple(sorted(Problem(_place(one, places), one.message) for one in self.findings))

    def _problem_count(self) -> str:
        return _counted(len(self.findings), "problem")


def check_citations(
    statements: Iterable[Triple | Quad], directory: Path | None = None
) -> CitationReport:
    """Check every claim of a graph against the texts that a folder holds.

    A text is known by the digest that the record of its document gives, whatever its file is
    called. Without a folder, or without a claim's text in it, the claim is reported as not
    checked.
    """
    kept = tuple(statements)
    texts = {} if directory is None else read_texts(directory, find_text_digests(kept))
    report = check_claims(read_claims(kept), texts)
    wrong = _check_lengths(find_text_lengths(kept), texts)
    return replace(report, findings=tuple(sorted([*report.findings, *wrong])))


def check_claims(claims: Iterable[Claim], texts: Mapping[str, str]) -> CitationReport:
    """Check claims against the texts of documents, given by the documents' IRIs.

    The ranges must be sound (``kg.passages.check_passage``), and every number that the
    claim states, and every string that it keeps as printed, must stand in them.
    """
    text_units = {document: units(text) for document, text in texts.items()}
    findings: list[Finding] = []
    unchecked: Counter[str] = Counter()
    checked = 0
    for claim in claims:
        document = claim.passage.document
        if document not in texts:
            unchecked[document] += 1
            continue
        checked += 1
        problems = check_passage(texts[document], claim.passage, text_units=text_units[document])
        findings += [
            Finding(claim.iri, claim.iri, problem, ONTOLOGY + "passage") for problem in problems
        ]
        findings += () if problems else _check_print(claim, texts[document])
    return CitationReport(checked, dict(unchecked), tuple(sorted(findings)))


def get_text(
    statements: Iterable[Triple | Quad], directory: Path, document: str
) -> tuple[str, str]:
    """Return the IRI and the text of a document, named by its IRI, its CURIE or its slug.

    Raises ``LookupError`` when the graph describes no such document, or the folder lacks its text.
    """
    wanted = find_text_digests(statements)
    slug = re.split("[/:]", document)[-1]
    matches = sorted(iri for iri in wanted if iri == document or iri.endswith("/" + slug))
    if not matches:
        slugs = ", ".join(sorted(iri.rpartition("/")[2] for iri in wanted))
        raise LookupError(f"no document is called {document!r}; the graph has {slugs or 'none'}")
    texts = read_texts(directory, {matches[0]: wanted[matches[0]]})
    if not texts:
        raise LookupError(
            f"{directory} has no file with the text of {slug}; "
            f"its SHA-256 must be {wanted[matches[0]]}"
        )
    return matches[0], texts[matches[0]]


def cite(
    text: str,
    document: str,
    snippets: Sequence[Snippet],
    *,
    section: str | None = None,
    citations: Sequence[str] = (),
) -> Passage:
    """Return the passage of a document whose ranges read as the snippets do, in their order.

    Raises ``ValueError`` when one is not found, stands in several places, or runs over several
    sentences, table rows or list lines.
    """
    ranges = [get_range(text, snippet) for snippet in snippets]
    return make_passage(text, document, ranges, section=section, citations=citations)


def _check_lengths(lengths: Mapping[str, int], texts: Mapping[str, str]) -> Iterator[Finding]:
    for document, length in lengths.items():
        if document in texts and len(texts[document]) != length:
            yield Finding(
                document,
                document,
                f"textLength is {length}, but the text has {len(texts[document])} characters; "
                "correct it",
                ONTOLOGY + "textLength",
            )


def _check_print(claim: Claim, text: str) -> Iterator[Finding]:
    passage = passage_text(text, claim.passage.ranges)
    missing = set(missing_numbers((one.value for one in claim.numbers), passage))
    for one in claim.numbers:
        if one.value in missing:
            yield _not_printed(claim, one, one.value, "cite the words that print it too")
    for one in claim.words:
        if not is_printed(one.value, passage):
            yield _not_printed(claim, one, repr(one.value), "put ... for words left out")


def _not_printed(claim: Claim, statement: Statement, shown: str, remedy: str) -> Finding:
    return Finding(
        claim.iri,
        statement.subject,
        f"{statement.predicate} is {shown}, which the passage does not print; "
        f"correct it, or {remedy}",
        ONTOLOGY + statement.predicate,
    )


def _place(finding: Finding, places: Places) -> Place:
    return places.find(finding.subject, finding.predicate) or Place(finding.claim)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
