"""Settings: flags over environment over defaults, and nothing unknown or ill-typed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from kg.settings import PREFIX, DefaultGraph, Settings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_the_defaults_are_the_documented_ones() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, None)
    assert (settings.query_timeout, settings.worker_memory) == (30.0, 2048)
    assert settings.default_graph is DefaultGraph.UNION
    assert settings.workers >= 1
    assert settings.home.name == "sarcoma-kg"


def test_a_flag_overrides_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_PORT", "9001")
    monkeypatch.setenv("SARCOMA_KG_HOME", "there")
    assert read_settings().port == 9001
    settings = read_settings(port=9002, home=None)
    assert (settings.port, settings.home) == (9002, Path("there"))


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_DATA", "")
    monkeypatch.setenv("SARCOMA_KG_PORT", "")
    assert read_settings().data is None
    assert read_settings().port == 8000


def test_an_unknown_variable_is_refused_with_the_near_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_QUERY_TIMEOT", "3")
    with pytest.raises(SettingsError, match="did you mean SARCOMA_KG_QUERY_TIMEOUT"):
        read_settings()


def test_an_unknown_variable_far_from_all_lists_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SARCOMA_KG_XYZZY_PLUGH_ABC", "3")
    with pytest.raises(SettingsError, match="the names are HOME, DATA"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("WORKERS", "0"),
        ("WORKERS", "2.5"),
        ("QUERY_TIMEOUT", "0"),
        ("QUERY_TIMEOUT", "inf"),
        ("WORKER_MEMORY", "lots"),
        ("DEFAULT_GRAPH", "all"),
    ],
)
def test_an_ill_typed_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SARCOMA_KG_{name}", value)
    with pytest.raises(SettingsError, match=f"^SARCOMA_KG_{name} is '{value}', but "):
        read_settings()


def test_an_ill_typed_flag_is_named_as_the_flag() -> None:
    with pytest.raises(SettingsError, match=r"^--worker-memory is '1', but "):
        read_settings(worker_memory=1)


def test_settings_are_frozen_and_every_one_says_what_it_means() -> None:
    settings = read_settings()
    with pytest.raises(ValidationError):
        settings.port = 1
    assert all(field.description for field in Settings.model_fields.values())
