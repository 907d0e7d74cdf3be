"""Which JSON is a study of the API's version 2, and what to say of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["find_other_schema", "find_other_text", "is_version"]

_BULK = "download studies as JSON from the API v2 of ClinicalTrials.gov, or use --download"
_MARKS = {
    "FullStudiesResponse": "a response of the former API",
    "FullStudies": "a response of the former API",
    "FullStudy": "a study of the former API",
    "StudyFieldsResponse": "a response of the former API",
    "Study": "a study of the former API",
    "ProtocolSection": "a study of the former API",
    "nct_id": "a row of AACT",
    "resourceType": "a study in FHIR",
    "clinical_study": "a study of the former XML",
}
_TEXTS = {
    b"<": "XML, as the former API gave it",
    b"nct number,": "a table of the website",
    b"nct_id": "a table of AACT",
    b"%pdf": "a PDF file",
}


def find_other_schema(value: Any) -> str | None:
    """Return why a JSON value is no study, in a sentence that says how to mend it, or None.

    >>> find_other_schema({"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}})
    >>> find_other_schema({"FullStudy": {}}).partition(":")[0]
    'this is a study of the former API'
    """
    if not isinstance(value, Mapping):
        return f"this is no study but {_named(value)}: {_BULK}"
    for key, named in _MARKS.items():
        if key in value:
            return f"this is {named}: {_BULK}"
    if _has_number(value):
        return None
    return f"this is no study: it has no protocolSection.identificationModule.nctId; {_BULK}"


def find_other_text(head: bytes) -> str | None:
    """Return what the beginning of a text without any JSON object tells, or None for none at all.

    >>> find_other_text(b"<clinical_study>").partition(",")[0]
    'this is XML'
    """
    text = head.removeprefix(b"\xef\xbb\xbf").strip().lower()
    if not text:
        return f"this file is empty: {_BULK}"
    for mark, named in _TEXTS.items():
        if text.startswith(mark):
            return f"this is {named}: {_BULK}"
    return f"this is not JSON: {_BULK}" if text[:1] not in b"{[" else None


def is_version(value: Any) -> bool:
    """Tell whether this is what the API says of its version, which lies beside its pages."""
    return isinstance(value, Mapping) and "dataTimestamp" in value and "apiVersion" in value


def _has_number(value: Mapping[str, Any]) -> bool:
    section = value.get("protocolSection")
    module = section.get("identificationModule") if isinstance(section, Mapping) else None
    # A module of another type is a damaged study: it is told where.
    return module is not None and (not isinstance(module, Mapping) or "nctId" in module)


def _named(value: Any) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(value), "a number")
