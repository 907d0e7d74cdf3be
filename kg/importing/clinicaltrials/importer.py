"""Trials of ClinicalTrials.gov as records of this graph, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.importing.clinicaltrials.files import Found, find_elements, list_files
from kg.importing.clinicaltrials.node import MalformedError, Node, read_object
from kg.importing.clinicaltrials.schema import find_other_schema, find_other_text, is_version
from kg.importing.clinicaltrials.trial import draft_trial
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.terms import Terms

__all__ = ["find_version", "read"]

_NUMBER = re.compile(r"NCT\d{8}", re.ASCII)


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the trials in JSON of the API v2: records, pages, lists, lines, zips of them, gzips.

    A folder is read as the files in it. What is no study, or damaged, is yielded as a Reject with
    its place; never raises for what stands in a file.
    """
    for path in list_files(files):
        is_empty = True
        for found in find_elements(path):
            is_empty = False
            item = _item(found, terms)
            if item is not None:
                yield item
        if is_empty:
            message = "this file holds no study: download studies as JSON from the API v2"
            yield Reject(path.name, RejectRule.WRONG_SCHEMA, message)


def find_version(files: Sequence[Path]) -> str | None:
    """Return the version of the data: what the API said of it, else the newest that a study states.

    Of each file its first study is looked at; None where none states a version.
    """
    versions = [value for path in list_files(files) if (value := _version(path))]
    said = [value for value in versions if "T" in value]
    return max(said or versions, default=None)


def _version(path: Path) -> str | None:
    for found in find_elements(path):
        value = _loaded(found)
        if is_version(value):
            return str(value["dataTimestamp"])
        if value is not None and find_other_schema(value) is None:
            try:
                derived = Node(value).node("derivedSection").node("miscInfoModule")
                return derived.text("versionHolder")
            except MalformedError:
                return None
    return None


def _loaded(found: Found) -> Any:
    try:
        return read_object(found.element.text) if found.element.text else None
    except (ValueError, RecursionError):
        return None


def _item(found: Found, terms: Terms) -> Item | None:
    element = found.element
    if element.problem:
        return _unreadable(found)
    try:
        value = read_object(element.text)
    except (ValueError, RecursionError) as error:
        return Reject(found.place, RejectRule.UNREADABLE, f"{_reason(error)}: download it again")
    if is_version(value):
        return None
    if element.is_frame:
        return _frame(found, value)
    if message := find_other_schema(value):
        return Reject(found.place, RejectRule.WRONG_SCHEMA, message)
    return _record(found, Node(value), terms)


def _record(found: Found, study: Node, terms: Terms) -> Item:
    number = ""
    try:
        number = _number(study)
        drafted = draft_trial(study, number, found.place, terms)
        triples = tuple(drafted.triples)
    except MalformedError as error:
        place = f"{found.source}#{found.element.pointer}{error.pointer}"
        return Reject(place, RejectRule.UNREADABLE, str(error), number)
    return Record(number, found.place, triples, tuple(drafted.unmatched), frozenset(drafted.refers))


def _number(study: Node) -> str:
    module = study.node("protocolSection").node("identificationModule")
    number = module.text("nctId") or ""
    if not _NUMBER.fullmatch(number):
        message = f"{number[:40]!r} is not NCT and eight digits: correct the number of the study"
        raise MalformedError(module.at("nctId"), message)
    return number


def _frame(found: Found, page: Any) -> Item | None:
    if isinstance(page, dict) and not {"protocolSection", "FullStudies"} & page.keys():
        return None
    message = "this has studies, but is no page of them: download it again from the API v2"
    return Reject(found.place, RejectRule.WRONG_SCHEMA, message)


def _unreadable(found: Found) -> Reject:
    element = found.element
    if found.head is not None and element.offset == 0 and (message := find_other_text(found.head)):
        return Reject(found.source, RejectRule.WRONG_SCHEMA, message)
    if element.is_cut:
        kept = "what stands before is kept" if found.is_after_others else "nothing of it is kept"
        message = f"{element.problem}: {kept}; download the file again"
        place = found.source if found.head is None else found.byte_place
        return Reject(place, RejectRule.TRUNCATED, message)
    place = found.place if element.pointer else found.byte_place
    message = f"{element.problem}: download it again"
    return Reject(place, RejectRule.UNREADABLE, message)


def _reason(error: BaseException) -> str:
    if isinstance(error, UnicodeEncodeError):
        return r"an escape such as \ud800 is half of a character"
    if isinstance(error, UnicodeError):
        return "the text is not UTF-8"
    return f"this is not JSON ({error})" if not isinstance(error, RecursionError) else "too deep"
