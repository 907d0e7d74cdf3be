"""One answer of a worker as messages: whole where it is short."""

from __future__ import annotations

import io

from api.messages import SPENT, Head, Kind, pack, read_message
from api.worker_output import WorkerOutput

HEAD = Head("SELECT", "text/csv; charset=utf-8", "text/csv", is_volatile=False)


def sent(*pieces: bytes, error: bytes | None = None, is_spent: bool = False) -> list[object]:
    file = io.BytesIO()
    output = WorkerOutput(file)
    output.start(HEAD)
    for piece in pieces:
        assert output.write(piece) == len(piece)
    if error is not None:
        output.fail(error)
    output.end(is_spent=is_spent)
    file.seek(0)
    found: list[object] = []
    while (message := read_message(file))[0] is not None:
        found.append(message)
    return found


def test_a_short_answer_is_one_message() -> None:
    whole = HEAD.to_bytes() + b"\n" + b"a\r\nb\r\n"
    assert sent(b"a\r\n", b"b\r\n") == [(Kind.WHOLE, whole)]
    assert sent() == [(Kind.WHOLE, HEAD.to_bytes() + b"\n")]


def test_a_worker_that_ends_says_so_after_its_answer() -> None:
    assert sent(b"row", is_spent=True) == [
        (Kind.HEAD, HEAD.to_bytes()),
        (Kind.DATA, b"row"),
        (Kind.END, SPENT),
    ]


def test_a_long_answer_is_sent_while_it_is_written() -> None:
    pieces = [bytes([number]) * 8192 for number in range(40)]
    found = sent(*pieces)
    kinds = [each[0] for each in found if isinstance(each, tuple)]
    assert kinds[0] is Kind.HEAD
    assert kinds[-1] is Kind.END
    data = [each[1] for each in found if isinstance(each, tuple) and each[0] is Kind.DATA]
    assert len(data) == 3
    assert b"".join(data) == b"".join(pieces)


def test_what_was_written_before_a_failure_goes_before_it() -> None:
    error = pack(Kind.ERROR, b"why")
    assert sent(b"half", error=error) == [
        (Kind.HEAD, HEAD.to_bytes()),
        (Kind.DATA, b"half"),
        (Kind.ERROR, b"why"),
        (Kind.END, b""),
    ]


def test_a_query_that_is_refused_has_no_head() -> None:
    file = io.BytesIO()
    output = WorkerOutput(file)
    output.fail(pack(Kind.ERROR, b"why"))
    output.end(is_spent=False)
    assert file.getvalue() == pack(Kind.ERROR, b"why") + pack(Kind.END)
