"""New records from the command line: templates that pass, kinds and slugs that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_lines import Cli

from kg.cli.new import KINDS
from kg.shipped import find_shipped
from kg.template import find_kinds


def test_new_writes_a_record_that_passes(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "drug", "my-drug").out.startswith("id: drug:my-drug\n")
    done = cli("new", "drug", "my-drug", "--output", "mine/my-drug.yaml")
    assert done.code == 0
    assert "sarcoma-kg check --data mine" in done.err
    assert cli("check", "--data", "mine").code == 0
    again = cli("new", "drug", "my-drug", "--output", "mine/my-drug.yaml")
    assert again.code == 2
    assert "is there already" in again.err


def test_the_help_of_new_lists_the_kinds(cli: Cli) -> None:
    kinds = find_kinds(find_shipped().data / "templates")
    assert f"{', '.join(kinds[:-1])} or {kinds[-1]}" == KINDS
    assert KINDS in " ".join(cli("new", "--help").out.split())


@pytest.mark.parametrize("arguments", [["drugg", "x"], ["drug", "My Drug"]])
def test_new_refuses_unknown_kinds_and_ill_formed_slugs(cli: Cli, arguments: list[str]) -> None:
    done = cli("new", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
