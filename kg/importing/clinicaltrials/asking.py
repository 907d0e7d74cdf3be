"""Requests to the registry: paced, tried again where that may help, and bounded in size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import httpx

from kg.importing.clinicaltrials.pages import BrokenPageError

__all__ = ["Asking", "DownloadError", "Patience", "retry_after"]

_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST = 300.0
_SHOWN = 300
Answer = TypeVar("Answer")


class DownloadError(OSError):
    """The registry could not be read; the message says what it answered, and what to do."""


@dataclass(frozen=True)
class Patience:
    """How requests are paced: ``pause`` is the least time between two, in seconds.

    ``tries`` is how often one is made at most; the first wait after a failure is ``wait``
    seconds, each other twice as long. ``size`` bounds an answer in bytes.
    """

    pause: float = 1.0
    tries: int = 6
    wait: float = 2.0
    timeout: float = 60.0
    size: int = 1 << 30
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass
class Asking:
    """A client of the registry that waits between its requests."""

    client: httpx.Client
    patience: Patience
    say: Callable[[str], None]
    _last: float | None = field(default=None, init=False)

    def fetch(
        self,
        path: str,
        parameters: Mapping[str, str],
        target: Path,
        read: Callable[[Path], Answer],
    ) -> Answer:
        """Write an answer to a file and read it; raises DownloadError where no try is whole.

        ``read`` raises BrokenPageError for an answer that is worth another try.
        """
        failure = wait = None
        for number in range(self.patience.tries):
            if number:
                self._rest(number, wait, failure)
            wait = None
            self._pace()
            try:
                with self._answer(path, parameters) as answer:
                    if answer.status_code not in _AGAIN:
                        self._write(answer, target)
                        return read(target)
                    failure, wait = f"it answered {answer.status_code}", retry_after(answer)
            except (httpx.TransportError, BrokenPageError) as error:
                failure = str(error) or type(error).__name__
        raise DownloadError(
            f"{self.client.base_url}{path.lstrip('/')}: {failure}, {self.patience.tries} times; "
            "try again later, and the download goes on from its last page"
        )

    @contextmanager
    def _answer(self, path: str, parameters: Mapping[str, str]) -> Iterator[httpx.Response]:
        with self.client.stream("GET", path, params=parameters) as answer:
            if answer.status_code != httpx.codes.OK and answer.status_code not in _AGAIN:
                text = next(answer.iter_bytes(_SHOWN), b"")[:_SHOWN].decode(errors="replace")
                raise DownloadError(
                    f"{answer.url}: it answered {answer.status_code} ({text.strip()}); "
                    "correct the address or the query"
                )
            yield answer

    def _write(self, answer: httpx.Response, target: Path) -> None:
        size = 0
        with target.open("wb") as file:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > self.patience.size:
                    most = self.patience.size
                    raise DownloadError(f"{answer.url}: the answer is longer than {most} bytes")
                file.write(chunk)

    def _pace(self) -> None:
        now = self.patience.clock()
        if self._last is not None and (left := self._last + self.patience.pause - now) > 0:
            self.patience.sleep(left)
            now += left
        self._last = now

    def _rest(self, number: int, wait: float | None, failure: str | None) -> None:
        seconds = self.patience.wait * 2 ** (number - 1) if wait is None else wait
        seconds = min(seconds, _LONGEST)
        self.say(f"{failure}; trying again in {seconds:.0f} s")
        self.patience.sleep(seconds)


def retry_after(answer: httpx.Response) -> float | None:
    """Return how many seconds an answer asks to wait, or None where it does not say.

    >>> retry_after(httpx.Response(429, headers={"Retry-After": "7"}))
    7.0
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
