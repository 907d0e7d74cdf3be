"""Elements of lists that are no studies, and what is said of files that cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from trial_records import only_reject, read_text, study

from kg.importing.clinicaltrials.elements import elements
from kg.importing.record import Reject

STUDIES = [study(f"NCT0000000{number}", conditions=["Sarcoma"]) for number in range(3)]


def text(value: object) -> bytes:
    return json.dumps(value).encode()


def zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def test_each_element_of_a_list_is_counted_with_its_own_index(tmp_path: Path) -> None:
    page = text({"studies": [STUDIES[0], "x, y", 3, None, {"a": 1}, []]})
    record, *rejects = read_text(tmp_path, page)
    assert record.id == "NCT00000000"
    assert [each.place for each in rejects] == [
        f"trials.json#/studies/{index}" for index in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (b"[1, 2]", ["/0", "/1"]),
        (b'["a", {}, 3, {}]', ["/0", "/1", "/2", "/3"]),
        (b"[{}, ]", ["/0", "/1"]),
        (b"[{} {}]", ["/0", "/1", "/1"]),
        (b"[{}, , {}]", ["/0", "/1", "/1"]),
        (b"[{} 7, {}]", ["/0", "/1", "/1"]),
        (b" [ ] ", []),
    ],
)
def test_what_stands_between_elements_is_told(listed: bytes, expected: list[str]) -> None:
    assert [each.pointer for each in elements(io.BytesIO(listed))] == expected


def test_of_a_cut_file_is_said_whether_anything_is_kept(tmp_path: Path) -> None:
    cut_zip = zipped("1.json", text(STUDIES[0]))[:-30]
    assert "nothing of it is kept" in only_reject(read_text(tmp_path, cut_zip, "f.zip")).message
    *_, last = read_text(tmp_path, text(STUDIES)[:-40])
    assert isinstance(last, Reject)
    assert "what stands before is kept" in last.message


def test_half_of_a_character_is_not_called_another_encoding(tmp_path: Path) -> None:
    half = b'{"protocolSection": {"identificationModule": {"nctId": "\\ud800"}}}'
    message = only_reject(read_text(tmp_path, half)).message
    assert "UTF-8" not in message
    assert "half of a character" in message
