"""What counts of a request, and which requests are always answered anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.front_key import IRRELEVANT, read_wish

HOST = (b"host", b"kg.example")


def wish_of(target: str, headers: dict[str, str]) -> object:
    given = {"Host": "kg.example", **headers}
    pairs = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    wish = read_wish(b"GET", target.encode(), pairs)
    return wish and wish.key


def test_nothing_reads_the_headers_that_are_left_out_of_keys() -> None:
    known = {"x-forwarded-for", "x-request-id"}  # of the client, and of the line in the log
    names = "|".join(re.escape(each.decode()) for each in IRRELEVANT - {b"from", b"via"})
    quoted = re.compile(rf'headers[^\n]*"({names})"|name == b"({names})"')
    folder = Path(__file__).resolve().parent.parent / "api"
    found = {
        (path.name, match[1] or match[2])
        for path in folder.rglob("*.py")
        for match in quoted.finditer(path.read_text(encoding="utf-8"))
        if path.name not in ("front_key.py", "forwarder.py") and (match[1] or match[2]) not in known
    }
    assert {name for _, name in found} <= {"cache-control", "connection", "via"}
    assert {path for path, name in found if name == "connection"} <= {"request_head.py"}


@pytest.mark.parametrize(
    "header", ["accept", "accept-encoding", "x-forwarded-proto", "x-forwarded-prefix", "anything"]
)
def test_all_other_headers_count_by_their_values(header: str) -> None:
    name = header.encode()
    keys = {wish_of("/", {}), wish_of("/", {header: "a"}), wish_of("/", {header: "b"})}
    assert len(keys) == 3
    twice = read_wish(b"GET", b"/", [HOST, (name, b"a"), (name, b"b")])
    other = read_wish(b"GET", b"/", [HOST, (name, b"b"), (name, b"a")])
    assert twice != other


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        (b"POST", b"/sparql", [HOST]),
        (b"OPTIONS", b"*", [HOST]),
        (b"GET", b"http://kg.example/", [HOST]),
        (b"GET", b"/healthz", [HOST]),
        (b"GET", b"/", []),
        (b"GET", b"/", [HOST, HOST]),
        (b"GET", b"/", [(b"host", b"")]),
        (b"GET", b"/", [HOST, (b"if-none-match", b'"a"'), (b"if-none-match", b'"b"')]),
        (b"GET", b"/", [HOST, (b"transfer-encoding", b"chunked")]),
        (b"GET", b"/", [HOST, (b"upgrade", b"h2c")]),
        (b"GET", b"/", [HOST, (b"authorization", b"Bearer x")]),
    ],
)
def test_some_requests_have_no_key(
    method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    assert read_wish(method, target, headers) is None


def test_what_is_around_a_request_counts() -> None:
    keys = {
        read_wish(b"GET", b"/", [HOST], version, goes_on, trusted).key  # type: ignore[union-attr]
        for version in ("1.0", "1.1")
        for goes_on in (True, False)
        for trusted in (True, False)
    }
    assert len(keys) == 8


def test_only_plain_requests_are_known_by_their_heads() -> None:
    for name, is_plain in (
        (b"x-request-id", False),
        (b"x-forwarded-for", False),
        (b"x-forwarded-prefix", False),
        (b"cookie", True),
        (b"if-none-match", True),
    ):
        wish = read_wish(b"GET", b"/", [HOST, (name, b"a")])
        assert wish is not None
        assert wish.is_plain == is_plain


def test_of_several_names_of_a_request_the_first_counts() -> None:
    names = [(b"x-request-id", b""), (b"x-request-id", b"two")]
    found = read_wish(b"GET", b"/", [HOST, *names])
    assert found is not None
    assert found.id == b""
