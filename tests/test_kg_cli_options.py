"""Options of several commands: folders and settings that cannot be used are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_lines import Cli
from miniature import write


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_an_unusable_folder_of_records_is_wrong_usage(
    cli: Cli, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    done = cli("check", "--data", folder)
    assert done.code == 2
    assert done.err.startswith(f"sarcoma-kg: --data {folder}: the")


@pytest.mark.parametrize("command", ["build", "query", "export", "check"])
def test_an_empty_folder_name_is_refused(cli: Cli, command: str, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    for option in ("--data", "--home")[: 1 if command == "check" else 2]:
        done = cli(command, option, "")
        assert done.code == 2
        assert "give the path of a folder, or leave the flag out" in done.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_instead_of_a_folder_of_records_is_named(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "id: drug:a\n")
    done = cli("check", "--data", "a.yaml")
    assert done.code == 2
    assert done.err == "sarcoma-kg: --data a.yaml: this is a file; give its folder\n"


def test_a_wrong_setting_is_wrong_usage(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SARCOMA_KG_HOEM", "x")
    for command in ("build", "check", "version"):
        done = cli(command)
        assert done.code == 2
        assert done.err == (
            "sarcoma-kg: SARCOMA_KG_HOEM in the environment is no setting of sarcoma-kg; "
            "did you mean SARCOMA_KG_HOME?\n"
        )
