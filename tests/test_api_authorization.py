from __future__ import annotations

import hmac
from pathlib import Path

import pytest
from starlette.requests import Request

from api.authorization import (
    SHORTEST,
    Authority,
    NoToken,
    NotWritable,
    WrongToken,
    read_authority,
)
from kg.settings import Settings, SettingsError, read_settings

TOKEN = "0123456789abcdef-._~+/=="


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "TOKEN_FILE", "WRITABLE"):
        monkeypatch.delenv(f"SARCOMA_KG_{name}", raising=False)


def asking(*values: str) -> Request:
    headers = [(b"authorization", value.encode("latin-1")) for value in values]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers})


def settings(tmp_path: Path, text: str | None = None, **given: object) -> Settings:
    if text is not None:
        (tmp_path / "token").write_text(text, encoding="utf-8")
        given["token_file"] = tmp_path / "token"
    return read_settings(home=tmp_path, **given)


@pytest.mark.parametrize("value", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER   {TOKEN} "])
def test_the_token_is_let_through(value: str) -> None:
    assert Authority(TOKEN).allows(asking(value))


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("Bearer",),
        ("Bearer ",),
        (TOKEN,),
        (f"Basic {TOKEN}",),
        (f"Bearer {TOKEN[:-1]}",),
        (f"Bearer {TOKEN}x",),
        (f"Bearer {TOKEN.upper()}",),
        ("Bearer \xe9\xe9\xe9\xe9",),
        (f"Bearer {TOKEN}", f"Bearer {TOKEN}"),
        (f"Bearer {TOKEN}, Bearer {TOKEN}",),
    ],
)
def test_anything_else_is_not(values: tuple[str, ...]) -> None:
    assert not Authority(TOKEN).allows(asking(*values))


def test_without_a_token_nobody_is_let_through() -> None:
    for value in ("Bearer ", "Bearer None", f"Bearer {TOKEN}"):
        assert not Authority().allows(asking(value))


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []

    def watched(one: bytes, other: bytes) -> bool:
        seen.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", watched)
    assert not Authority(TOKEN).allows(asking("Bearer x"))
    assert not Authority(TOKEN).allows(asking(f"Basic {TOKEN}"))
    assert Authority(TOKEN).allows(asking(f"Bearer {TOKEN}"))
    assert seen == [(32, 32)] * 3


def test_a_check_says_what_is_missing() -> None:
    with pytest.raises(NotWritable, match="--writable and --token-file FILE"):
        Authority(TOKEN).check(asking(f"Bearer {TOKEN}"))
    open_one = Authority(TOKEN, is_writable=True)
    open_one.check(asking(f"Bearer {TOKEN}"))
    with pytest.raises(NoToken, match="needs the header Authorization") as missing:
        open_one.check(asking())
    assert "error" not in missing.value.challenge
    with pytest.raises(WrongToken, match="not the token") as wrong:
        open_one.check(asking("Basic eDp5"))
    assert 'error="invalid_token"' in wrong.value.challenge


def test_no_token_is_shown() -> None:
    assert TOKEN not in repr(Authority(TOKEN))


def test_the_token_of_a_file_is_stripped(tmp_path: Path) -> None:
    assert read_authority(settings(tmp_path, f"  {TOKEN}\n")).token == TOKEN


def test_the_token_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARCOMA_KG_TOKEN", f" {TOKEN} ")
    assert read_authority(settings(tmp_path, writable=True)) == Authority(TOKEN, is_writable=True)
    with pytest.raises(SettingsError, match=r"by --token-file and by SARCOMA_KG_TOKEN; give one"):
        read_authority(settings(tmp_path, TOKEN))


def test_a_token_without_writes_is_fine_and_so_is_neither(tmp_path: Path) -> None:
    assert read_authority(settings(tmp_path)) == Authority()
    assert read_authority(settings(tmp_path, TOKEN)) == Authority(TOKEN, is_writable=False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", f"has 0 characters; a token has {SHORTEST} at least"),
        ("a" * (SHORTEST - 1), "has 15 characters"),
        (" " * 100, "has 0 characters"),
        ("two words, and more", "has characters that no header carries"),
        ("fünfzehn-Zeichen-und-mehr", "has characters that no header carries"),
        (f"{TOKEN}\n{TOKEN}", "has characters that no header carries"),
    ],
)
def test_a_weak_or_unfit_token_stops_the_start(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_authority(settings(tmp_path, text))
    assert words in str(refused.value)
    assert not text.strip() or text.strip() not in str(refused.value)


def test_writes_without_a_token_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--writable needs a token; write one into a file"):
        read_authority(settings(tmp_path, writable=True))


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "missing", "No such file"),
        (tmp_path, "directory"),
    ):
        with pytest.raises(SettingsError, match=words):
            read_authority(settings(tmp_path, token_file=path))
    (tmp_path / "binary").write_bytes(b"\xff" * 20)
    with pytest.raises(SettingsError, match="holds no text"):
        read_authority(settings(tmp_path, token_file=tmp_path / "binary"))
