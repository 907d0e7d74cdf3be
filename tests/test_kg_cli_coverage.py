"""Coverage from the command line: what no record accounts for is told and ends with 1."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from command_lines import Cli

from kg.cli import ExitCode


def test_coverage_tells_what_no_record_accounts_for(cli: Cli, root: Path, tmp_path: Path) -> None:
    text = "Nine men rested well.\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "texts").mkdir()
    assert cli("coverage").code == ExitCode.NOT_FOUND
    describe(root, digest)
    unread = cli("coverage", "--documents", "texts")
    assert (unread.code, unread.out) == (ExitCode.NOT_FOUND, ""), unread.err
    assert "not checked: no documents" in unread.err
    (tmp_path / "texts" / "a").write_text(text, encoding="utf-8")
    done = cli("coverage", "--documents", "texts", "--uncovered")
    assert done.code == ExitCode.REFUSED
    assert "review line 1: Nine men rested...\n" in done.out
    assert "review line 1: the number Nine is in no record that covers it\n" in done.out
    assert "well" not in done.out
    content = json.loads(cli("coverage", "--documents", "texts", "--format", "json").out)
    assert [one["uncovered"] for one in content["documents"]] == [17]


def describe(root: Path, digest: str) -> None:
    context = root / "ontology" / "context.jsonld"
    keys = context.read_text(encoding="utf-8")
    key = '"inDocument":'
    context.write_text(keys.replace(key, '"textSha256": {"@id": "textSha256"},' + key), "utf-8")
    terms = root / "ontology" / "sarcoma.ttl"
    declared = "\n<https://w3id.org/sarcoma-kg/ontology/textSha256> a owl:DatatypeProperty .\n"
    terms.write_text(terms.read_text(encoding="utf-8") + declared, "utf-8")
    record = f"id: document:review\ntype: SourceDocument\nlabel: A review\ntextSha256: {digest}\n"
    (root / "data" / "documents" / "review.yaml").write_text(record, encoding="utf-8")
    shutil.rmtree(root / "data" / "studies")  # its claims cite another text
