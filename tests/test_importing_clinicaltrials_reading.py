"""Reading studies: every form of file, what is damaged, and what is something else."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from trial_records import TERMS, only_reject, read_text, study, with_results

from kg.importing.clinicaltrials import find_version, read
from kg.importing.clinicaltrials.elements import Limits, elements
from kg.importing.record import Item, Record, Reject, RejectRule

STUDIES = [study(f"NCT0000000{number}", conditions=["Sarcoma"]) for number in range(3)]
NUMBERS = ["NCT00000000", "NCT00000001", "NCT00000002"]
PAGE = {"totalCount": 3, "studies": STUDIES, "nextPageToken": "abc"}


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def text(value: Any) -> bytes:
    return json.dumps(value).encode()


def ids(items: list[Item]) -> list[str]:
    return [item.id for item in items]


def places(items: list[Item]) -> list[str]:
    return [item.place for item in items]


FORMS = {
    "page": (text(PAGE), [f"f.json#/studies/{n}" for n in range(3)]),
    "indented page": (json.dumps(PAGE, indent=2).encode(), None),
    "page with studies last": (b'{"nextPageToken":"t","studies":' + text(STUDIES) + b"}", None),
    "list": (text(STUDIES), [f"f.json#/{n}" for n in range(3)]),
    "lines": (b"\n".join(map(text, STUDIES)), ["f.json", "f.json#/1", "f.json#/2"]),
    "with a byte order mark": (b"\xef\xbb\xbf" + text(STUDIES), None),
    "gzip": (gzip.compress(text(PAGE)), None),
    "zip of studies": (
        zipped({f"NCT0000xxxx/{n}.json": text(s) for n, s in zip(NUMBERS, STUDIES, strict=True)}),
        [f"f.json!NCT0000xxxx/{number}.json" for number in NUMBERS],
    ),
    "zip of pages": (zipped({"pages/1.json": text(PAGE), "read.me": b"no"}), None),
    "zip of a gzip": (zipped({"1.json.gz": gzip.compress(text(PAGE))}), None),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_studies(form: str, tmp_path: Path) -> None:
    content, where = FORMS[form]
    found = read_text(tmp_path, content, "f.json")
    assert all(isinstance(item, Record) for item in found), found
    assert ids(found) == NUMBERS
    assert where is None or places(found) == where


def test_a_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    for number, each in zip("bac", STUDIES, strict=True):
        (tmp_path / f"{number}.json").write_bytes(text(each))
    (tmp_path / "notes.txt").write_text("no study")
    assert [item.id for item in read([tmp_path], TERMS)] == [NUMBERS[1], NUMBERS[0], NUMBERS[2]]


@pytest.mark.parametrize("content", [{"studies": []}, {"apiVersion": "2", "dataTimestamp": "T"}])
def test_an_empty_page_and_the_version_beside_pages_are_no_fault(
    content: dict[str, Any], tmp_path: Path
) -> None:
    assert read_text(tmp_path, content) == []


@pytest.mark.parametrize("cut", [1, 40, 90])
def test_of_a_cut_page_the_studies_before_stay(cut: int, tmp_path: Path) -> None:
    whole = text({"studies": STUDIES})
    *kept, last = read_text(tmp_path, whole[:-cut])
    expected = 3 if cut == 1 else 2
    assert ids(kept) == NUMBERS[:expected]
    assert isinstance(last, Reject)
    assert last.rule is RejectRule.TRUNCATED
    assert last.place.startswith("trials.json, byte ")


def test_a_cut_place_is_where_the_unread_study_begins(tmp_path: Path) -> None:
    whole = text({"studies": STUDIES})
    *_, last = read_text(tmp_path, whole[:-40])
    assert int(last.place.rpartition(" ")[2]) == whole.rindex(b'{"protocolSection"')


def test_every_cut_of_a_page_keeps_whole_studies_and_says_so(tmp_path: Path) -> None:
    whole = text({"studies": STUDIES, "nextPageToken": "a"})
    ends = [whole.index(text(each)) + len(text(each)) for each in STUDIES]
    for cut in range(1, len(whole), 7):
        found = read_text(tmp_path, whole[:cut])
        records = [item for item in found if isinstance(item, Record)]
        assert len(records) == sum(end <= cut for end in ends)
        assert len(found) == len(records) + 1


def test_of_a_cut_gzip_the_studies_before_stay(tmp_path: Path) -> None:
    large = [study(f"NCT{n:08}", conditions=[f"condition {n * 7919}"]) for n in range(2000)]
    *kept, last = read_text(tmp_path, gzip.compress(text(large))[:-1500], "f.json.gz")
    assert 1000 < len(kept) < 2000
    assert isinstance(last, Reject)
    assert last.rule is RejectRule.TRUNCATED


def test_a_cut_zip_is_refused_as_a_whole(tmp_path: Path) -> None:
    content = zipped({f"{n}.json": text(s) for n, s in zip(NUMBERS, STUDIES, strict=True)})
    reject = only_reject(read_text(tmp_path, content[:-30], "bulk.zip"))
    assert (reject.place, reject.rule) == ("bulk.zip", RejectRule.TRUNCATED)


def test_a_damaged_member_leaves_the_others(tmp_path: Path) -> None:
    content = bytearray(
        zipped({f"{n}.json": text(s) for n, s in zip(NUMBERS, STUDIES, strict=True)})
    )
    start = content.index(b"NCT00000001.json") + len("NCT00000001.json")
    content[start + 20 : start + 40] = bytes(20)
    found = read_text(tmp_path, bytes(content), "bulk.zip")
    assert [i.id for i in found if isinstance(i, Record)] == [NUMBERS[0], NUMBERS[2]]
    (reject,) = (item for item in found if isinstance(item, Reject))
    assert "NCT00000001.json" in reject.place


OTHERS = {
    "former API, responses": {"FullStudiesResponse": {"FullStudies": [{}]}},
    "former API, study": {"FullStudy": {"Study": {"ProtocolSection": {}}}},
    "AACT": {"nct_id": "NCT00000001", "study_type": "Interventional"},
    "FHIR": {"resourceType": "ResearchStudy", "id": "NCT00000001"},
    "something else": {"name": "x", "protocolSection": {"identificationModule": {"orgId": 1}}},
    "protocol without number": {"protocolSection": {"statusModule": {}}},
    "XML": b"<?xml version='1.0'?><clinical_study><id_info>[1]</id_info>{}</clinical_study>",
    "CSV": b"NCT Number,Study Title\nNCT00000001,A",
    "text": b"hello world",
    "empty": b"",
    "list of nothing": [],
    "list of lists": [[1, 2]],
}


@pytest.mark.parametrize("other", OTHERS)
def test_other_schemas_are_told_from_damage(other: str, tmp_path: Path) -> None:
    reject = only_reject(read_text(tmp_path, OTHERS[other]))
    assert reject.rule is RejectRule.WRONG_SCHEMA
    assert "download" in reject.message
    assert reject.place.startswith("trials.json")


@pytest.mark.parametrize("number", ["NCT1", "nct00000001", "NCT0000000\u0661", "", 7, None])
def test_a_number_that_is_none_is_refused_with_its_place(number: Any, tmp_path: Path) -> None:
    page = {"studies": [STUDIES[0], study(number), STUDIES[2]]}
    one, reject, two = read_text(tmp_path, page)
    assert (one.id, two.id) == (NUMBERS[0], NUMBERS[2])
    assert isinstance(reject, Reject)
    assert reject.rule is RejectRule.UNREADABLE
    pointer = "/studies/1/protocolSection/identificationModule/nctId"
    assert reject.place == f"trials.json#{pointer}"


WRONG: dict[str, dict[str, Any]] = {
    "/protocolSection/statusModule": {"statusModule": []},
    "/protocolSection/designModule/phases": {"designModule": {"phases": "PHASE2"}},
    "/protocolSection/designModule/enrollmentInfo/count": {
        "designModule": {"enrollmentInfo": {"count": "12"}}
    },
    "/protocolSection/eligibilityModule/healthyVolunteers": {
        "eligibilityModule": {"healthyVolunteers": "no"}
    },
    "/protocolSection/outcomesModule/primaryOutcomes": {"outcomesModule": {"primaryOutcomes": [1]}},
    "/resultsSection": {"resultsSection": "none"},
    "/resultsSection/outcomeMeasuresModule/outcomeMeasures/0/classes/0/categories/0"
    "/measurements/0/value": with_results([{"groupId": "OG000", "value": 3}]),
    "/resultsSection/outcomeMeasuresModule/outcomeMeasures/0/classes/0/categories/0"
    "/measurements/1/groupId": with_results(
        [{"groupId": "OG000", "value": "3"}, {"groupId": "OG009", "value": "3"}]
    ),
    "/resultsSection/adverseEventsModule/seriousEvents/0/stats/0/numAffected": {
        "resultsSection": {
            "adverseEventsModule": {
                "eventGroups": [{"id": "EG000"}],
                "seriousEvents": [{"stats": [{"groupId": "EG000", "numAffected": -1}]}],
            }
        }
    },
}


@pytest.mark.parametrize("pointer", WRONG)
def test_a_value_of_a_wrong_type_refuses_the_whole_study(pointer: str, tmp_path: Path) -> None:
    reject = only_reject(read_text(tmp_path, study("NCT00000009", **WRONG[pointer])))
    assert (reject.rule, reject.id) == (RejectRule.UNREADABLE, "NCT00000009")
    assert reject.place == f"trials.json#{pointer}"


@pytest.mark.parametrize(
    "damage",
    [
        b'{"protocolSection": tru}',
        b'{"protocolSection": NaN}',
        b'{"protocolSection": "\xff"}',
        b'{"protocolSection": {"identificationModule": {"nctId": "\\ud800"}}}',
        b'{"protocolSection": ' + b"9" * 5000 + b"}",
        b"null",
        b'"NCT00000001"',
    ],
)
def test_a_damaged_study_leaves_the_others(damage: bytes, tmp_path: Path) -> None:
    listed = b"[" + b",".join([text(STUDIES[0]), damage, text(STUDIES[2])]) + b"]"
    found = read_text(tmp_path, listed)
    assert [i.id for i in found if isinstance(i, Record)] == [NUMBERS[0], NUMBERS[2]]
    (reject,) = (item for item in found if isinstance(item, Reject))
    assert reject.rule is RejectRule.UNREADABLE
    assert "#/1" in reject.place


def test_what_stands_after_a_study_is_told_by_its_byte(tmp_path: Path) -> None:
    whole = text(STUDIES[0])
    record, reject = read_text(tmp_path, whole + b" rubbish")
    assert record.id == NUMBERS[0]
    assert isinstance(reject, Reject)
    assert (reject.place, reject.rule) == (
        f"trials.json, byte {len(whole)}",
        RejectRule.UNREADABLE,
    )


def test_hostile_depth_is_refused_without_recursion(tmp_path: Path) -> None:
    deep = b'{"protocolSection":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001
    found = read_text(tmp_path, b"[" + deep + b"," + text(STUDIES[0]) + b"]")
    reject, record = found
    assert isinstance(reject, Reject)
    assert "levels" in reject.message
    assert record.id == NUMBERS[0]


def test_one_study_that_is_too_large_is_refused_and_not_kept() -> None:
    small, limits = text(STUDIES[0]), Limits(size=2 << 20)
    large = b'{"a": [' + b'"0123456789",' * 400_000 + b"1]}"
    stream = io.BytesIO(b'{"studies": [' + large + b"," + small + b"]}")
    first, second, frame = elements(stream, limits)
    assert "bytes" in first.problem
    assert (second.text, second.problem) == (small, "")
    assert frame.is_frame


def test_too_many_small_objects_are_refused() -> None:
    (found,) = elements(io.BytesIO(b"[[" + b"{}," * 2000 + b"1]]"), Limits(nodes=1000))
    assert "objects and lists" in found.problem


def test_a_string_without_end_is_refused() -> None:
    endless = io.BytesIO(b'["' + b"a" * (5 << 20))
    (found,) = elements(endless, Limits(size=1 << 20))
    assert "string" in found.problem


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_elements_do_not_depend_on_where_reads_end(size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = None) -> bytes:
            return super().read(size)

    whole = text({"a": 'b "studies" \\', "studies": [{"x": ']}\\"'}, {"y": {"z": [1]}}], "n": "t"})
    assert [*elements(Slow(whole))] == [*elements(io.BytesIO(whole))]
    assert [e.text for e in elements(Slow(whole))][:2] == [
        b'{"x": "]}\\\\\\""}',
        b'{"y": {"z": [1]}}',
    ]


def test_the_version_is_that_of_the_api_or_the_newest_of_studies(tmp_path: Path) -> None:
    for number, day in enumerate(("2024-01-03", "2024-06-10")):
        derived = {"miscInfoModule": {"versionHolder": day}}
        (tmp_path / f"{number}.json").write_bytes(text(study(derivedSection=derived)))
    assert find_version([tmp_path]) == "2024-06-10"
    (tmp_path / "version.json").write_bytes(
        text({"apiVersion": "2.0.3", "dataTimestamp": "2024-05-01T09:00:05"})
    )
    assert find_version([tmp_path]) == "2024-05-01T09:00:05"


def test_a_reading_does_not_depend_on_another(tmp_path: Path) -> None:
    first = read_text(tmp_path, {"studies": STUDIES})
    assert first == read_text(tmp_path, {"studies": STUDIES})
